import { type Column, textTable } from "../../terminal/table.ts";
import { counted, prose } from "../../terminal/text.ts";
import { type ConsumerResult, nothingLeft, type Result } from "./result.ts";

/** As many lines of one kind tell what there is; `--json` has them all. */
const mostLines = 10;

/** The result as a person reads it, in so many columns: a table, and for what is left why, and what to do. */
export function report(result: Result, width: number): string {
  const { dryRun, consumers } = result;
  const columns = result.discard === undefined ? redriveColumns(dryRun) : discardColumns(dryRun);
  const paragraphs = [
    ...(result.discard === undefined ? ["", "Redriven and still failing count records, the rest messages."] : []),
    ...consumers.flatMap((consumer) => [...stillFailing(consumer), ...trimmed(consumer), ...notUnderstood(consumer)]),
    "",
    ...conclusion(result),
  ];
  return [
    textTable(columns, consumers, width),
    ...paragraphs.map((text) => prose(text, width, text.startsWith("  ") ? 2 : 0)),
  ].join("\n");
}

const destination: Column<ConsumerResult> = {
  title: "destination",
  value: ({ destinations }) => destinations.join(", "),
};

function count(title: string, value: (result: ConsumerResult) => number): Column<ConsumerResult> {
  return { title, value: (one) => String(value(one)), align: "right" };
}

function redriveColumns(dryRun: boolean): readonly Column<ConsumerResult>[] {
  return [
    destination,
    count("messages", ({ messages }) => messages),
    count(dryRun ? "to redrive" : "redriven", ({ redriven }) => redriven),
    count("still failing", ({ stillFailing }) => stillFailing.reduce((sum, { records }) => sum + records, 0)),
    count("trimmed", ({ trimmed }) => trimmed.length),
    count("not understood", ({ notUnderstood }) => notUnderstood.length),
    count("left", ({ left }) => left),
  ];
}

function discardColumns(dryRun: boolean): readonly Column<ConsumerResult>[] {
  return [
    destination,
    count("messages", ({ messages }) => messages),
    count(dryRun ? "to discard" : "discarded", ({ discarded }) => discarded),
    count("left", ({ left }) => left),
  ];
}

function conclusion(result: Result): string[] {
  const { discard, dryRun, target } = result;
  const notFound =
    discard === undefined || discard.notFound.length === 0
      ? []
      : [`In no failure queue that was looked through: ${idList(discard.notFound)}.`];
  if (dryRun) return [...notFound, `This was a dry run of ${target}: nothing was sent, and nothing deleted.`];
  if (nothingLeft(result)) return [...notFound, `Nothing is left in the failure queues of ${target}.`];
  return [...notFound, `What is left stays in the failure queues of ${target}.`];
}

function stillFailing({ destinations, function: name, stillFailing: all }: ConsumerResult): string[] {
  if (all.length === 0) return [];
  return [
    "",
    `Still failing at ${destinations.join(", ")}; the log of ${name} has each record. A redrive sends the records as they were once written: what is changed at the source does not change them. So mend the destination, and redrive again.`,
    "What the destination will never take: change the item at the source into one that it takes, and then change it once more, because the first of these changes still carries the old item and may fail for it. A deleted item, write and delete again. Then give the old records up: run this with --discard and the ids of their messages, which leaves all others alone.",
    ...shown(all, ({ destination, reason, records, first, messages }) => {
      const where = destination === undefined ? "" : `${destination}: `;
      return `  ${counted(records, "record")}, the first of them ${first}, in ${messages.length === 1 ? "message" : "messages"} ${idList(messages)}: ${where}${reason}`;
    }),
  ];
}

function trimmed({ destinations, trimmed: all }: ConsumerResult): string[] {
  if (all.length === 0) return [];
  return [
    "",
    `Trimmed for ${destinations.join(", ")}: the stream keeps records for 24 hours and has lost these, so their items may be stale there. Which items they are, a warehouse's change log knows by version (the numbers below, with zeros before them up to 40 digits), and so does an incremental export of the table, which point-in-time recovery allows, by the times below; otherwise compare the source with the destination. Then write these items at the source again and change something, such as a counter of their own: a write that changes nothing makes no record. One that is left over at the destination, write at the source and delete there. At last delete the messages: run this with --discard and their ids, which leaves all others alone.`,
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

function idList(ids: readonly string[]): string {
  const more = ids.length - mostLines;
  return `${ids.slice(0, mostLines).join(", ")}${more > 0 ? ` and ${more} more, which --json shows` : ""}`;
}
