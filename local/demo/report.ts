import type { ConsumerResult } from "../../operate/redrive/result.ts";
import { type Column, textTable } from "../../terminal/table.ts";
import { counted, prose } from "../../terminal/text.ts";
import type { CheckedDestination } from "./check-destinations.ts";
import { costReport } from "./cost-report.ts";
import type { RunCost } from "./run-cost.ts";
import { longString } from "./workload.ts";

/** What a run comes to. */
export interface Result {
  readonly stack: string;
  /** Writes to the source table, and items that its time to live deleted. */
  readonly changes: number;
  /** From the first write until everything was delivered or given up, in seconds. */
  readonly seconds: number;
  readonly destinations: readonly CheckedDestination[];
  /** What it would have cost on AWS. */
  readonly cost: RunCost;
  /** What became of what a destination had refused; absent where none refuses anything. */
  readonly redrive?: Redriven;
}

/** What was done about changes that a destination had refused. */
export interface Redriven {
  /** How each destination was mended, by its name. */
  readonly mended: Readonly<Record<string, string>>;
  readonly consumers: readonly ConsumerResult[];
  /** What every destination held afterwards. */
  readonly destinations: readonly CheckedDestination[];
}

/** Whether every destination holds exactly what it should, and no failure message is left. */
export function allRight({ destinations, redrive }: Result): boolean {
  const left = redrive?.consumers.some((consumer) => consumer.left > 0) ?? false;
  return !left && [...destinations, ...(redrive?.destinations ?? [])].every(({ problems }) => problems.length === 0);
}

const columns: readonly Column<CheckedDestination>[] = [
  { title: "destination", value: ({ name }) => name },
  { title: "kind", value: ({ kind }) => kind },
  { title: "arrived", value: ({ arrived }) => arrived },
  { title: "batches", value: ({ batches }) => String(batches), align: "right" },
  { title: "invocations", value: ({ invocations }) => String(invocations), align: "right" },
  { title: "calls", value: ({ calls }) => String(sum(Object.values(calls))), align: "right" },
  { title: "max lag", value: ({ lag }) => `${(lag / 1000).toFixed(1)} s`, align: "right" },
  { title: "failures", value: ({ failureMessages }) => String(failureMessages), align: "right" },
  { title: "verified", value: verified },
];

/** A destination that should have got nothing, and did, has been compared with nothing. */
function verified({ changes, problems }: CheckedDestination): string {
  if (problems.length > 0) return "WRONG";
  return changes === 0 ? "nothing" : "exact";
}

function namesOf(destinations: readonly CheckedDestination[]): string {
  return destinations.map(({ name }) => name).join(" and ");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** The result as a person reads it, in so many columns. */
export function report(result: Result, width: number): string {
  const { stack, changes, seconds, destinations, cost, redrive } = result;
  const consumers = Map.groupBy(destinations, (destination) => destination.function).values();
  const shared = [...consumers].filter((together) => together.length > 1);
  const problems = problemsOf(destinations, width);
  const waiting = destinations.filter(({ refusedWaits }) => refusedWaits);
  const quiet = destinations.filter((destination) => verified(destination) === "nothing");
  const remarks = [
    ...shared.map((together) =>
      prose(`${namesOf(together)} share a consumer, whose figures each of them shows.`, width),
    ),
    ...(quiet.length === 0
      ? []
      : [
          prose(
            `No change of this run passed the filters of ${namesOf(quiet)}, so there was nothing to compare.`,
            width,
          ),
        ]),
    ...(waiting.length === 0
      ? []
      : [
          prose(
            `One change has a string of ${longString.toLocaleString("en")} bytes, which a warehouse refuses. It was in the failure queue of ${namesOf(waiting)}.`,
            width,
          ),
        ]),
    ...(problems.length === 0
      ? ["Everything else was exactly where it should be."].slice(waiting.length === 0 ? 1 : 0)
      : ["Not what it should be:", ...problems]),
    ...(redrive === undefined ? [] : redriveReport(redrive, width)),
  ];
  return [
    `${counted(changes, "change")} through stack ${stack} in ${seconds.toFixed(1)} s`,
    "",
    textTable(columns, destinations, width),
    "",
    ...(remarks.length === 0 ? [] : [...remarks, ""]),
    costReport(cost, width),
    "",
    allRight(result)
      ? `Every destination holds exactly what it should${quiet.length === 0 ? "" : `; for ${namesOf(quiet)} that is nothing`}.`
      : "Not every destination holds what it should.",
  ].join("\n");
}

const redriveColumns: readonly Column<ConsumerResult>[] = [
  { title: "redriven", value: ({ destinations }) => destinations.join(", ") },
  { title: "messages", value: ({ messages }) => String(messages), align: "right" },
  { title: "records", value: ({ redriven }) => String(redriven), align: "right" },
  { title: "left", value: ({ left }) => String(left), align: "right" },
];

function redriveReport({ mended, consumers, destinations }: Redriven, width: number): string[] {
  const problems = problemsOf(destinations, width);
  const found = consumers.filter(({ messages }) => messages > 0);
  const arrived = destinations.filter(({ name }) => name in mended).map(({ name, arrived }) => `${name}: ${arrived}`);
  return [
    "",
    ...Object.entries(mended).map(([name, what]) =>
      prose(`With ${what} for ${name}, its failures were redriven:`, width),
    ),
    "",
    textTable(redriveColumns, found, width),
    "",
    ...(problems.length === 0
      ? [prose(`Verified again: exact, ${arrived.join(", ")}.`, width)]
      : ["Verified again, and not what it should be:", ...problems]),
  ];
}

function problemsOf(destinations: readonly CheckedDestination[], width: number): string[] {
  return destinations.flatMap(({ name, problems }) =>
    problems.map((problem) => prose(`  ${name}: ${problem}`, width, 2)),
  );
}
