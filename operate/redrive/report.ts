import { type Column, counted, textTable } from "../../terminal/text.ts";
import { type ConsumerResult, nothingLeft, type Result } from "./result.ts";

/** As many lines of one kind tell what there is; \`--json\` has them all. */
const mostLines = 10;

/** The result as a person reads it: a table, and for what is left why, and what to do. */
export function report(result: Result): string {
  const { dryRun, consumers, target } = result;
  const columns: Column<ConsumerResult>[] = [
    { title: "destination", value: ({ destinations }) => destinations.join(", ") },
    { title: "messages", value: ({ messages }) => String(messages), align: "right" },
    { title: dryRun ? "to redrive" : "redriven", value: ({ redriven }) => String(redriven), align: "right" },
    { title: "still failing", value: (one) => String(failing(one)), align: "right" },
    { title: "trimmed", value: ({ trimmed }) => String(trimmed.length), align: "right" },
    { title: "not understood", value: ({ notUnderstood }) => String(notUnderstood.length), align: "right" },
    { title: "left", value: ({ left }) => String(left), align: "right" },
  ];
  return [
    textTable(columns, consumers),
    "",
    "Redriven and still failing count records, the rest messages.",
    ...consumers.flatMap((consumer) => [...stillFailing(consumer), ...trimmed(consumer), ...notUnderstood(consumer)]),
    "",
    dryRun
      ? `This was a dry run of ${target}: nothing was sent, and nothing deleted.`
      : nothingLeft(result)
        ? `Nothing is left in the failure queues of ${target}.`
        : `What is left stays in the failure queues of ${target}.`,
  ].join("\n");
}

function failing({ stillFailing }: ConsumerResult): number {
  return stillFailing.reduce((sum, { records }) => sum + records, 0);
}

function stillFailing({ destinations, function: name, stillFailing: all }: ConsumerResult): string[] {
  if (all.length === 0) return [];
  return [
    "",
    `Still failing at ${destinations.join(", ")}. Mend the destination, or the item at the source, and redrive again. The log of ${name} has each record.`,
    ...shown(all, ({ destination, reason, records, first }) => {
      const where = destination === undefined ? "" : `${destination}: `;
      return `  ${counted(records, "record")}, the first of them ${first}: ${where}${reason}`;
    }),
  ];
}

function trimmed({ destinations, trimmed: all }: ConsumerResult): string[] {
  if (all.length === 0) return [];
  return [
    "",
    `Trimmed for ${destinations.join(", ")}: the stream keeps records for 24 hours and has lost these, so their items may be stale there.`,
    "Which items they are, a warehouse's change log knows by version (the numbers below, with zeros before them up to 40 digits), and",
    "so does an incremental export of the table, which point-in-time recovery allows, by the times below; otherwise compare the",
    "source with the destination. Then write these items at the source again and change something, such as a counter of their own:",
    "a write that changes nothing makes no record. One that is left over at the destination, write at the source and delete there.",
    "At last delete the message: run this again with --discard and its id.",
    ...shown(all, ({ messageId, shardId, first, last, arrived: [from, to], records }) => {
      const when = from === to ? `at ${from}` : `from ${from} to ${to}`;
      const range = first === last ? first : `${first} to ${last}`;
      return `  ${messageId}: ${counted(records, "record")}, ${range} of ${shardId}, made ${when}`;
    }),
  ];
}

function notUnderstood({ destinations, failureQueue, notUnderstood: all }: ConsumerResult): string[] {
  if (all.length === 0) return [];
  return [
    "",
    `Not understood for ${destinations.join(", ")}, and left alone in ${failureQueue}:`,
    ...shown(all, ({ messageId, problem }) => `  ${messageId}: ${problem}`),
  ];
}

function shown<T>(all: readonly T[], line: (one: T) => string): string[] {
  const more = all.length - mostLines;
  return [...all.slice(0, mostLines).map(line), ...(more > 0 ? [`  and ${more} more, which --json shows`] : [])];
}
