import type { Checked } from "./check-destinations.ts";
import { costReport } from "./cost-report.ts";
import type { RunCost } from "./run-cost.ts";
import { type Column, textTable } from "./text-table.ts";

/** What a run comes to. */
export interface Result {
  readonly stack: string;
  /** Writes to the source table, and items that its time to live deleted. */
  readonly changes: number;
  /** From the first write until everything was delivered or given up, in seconds. */
  readonly seconds: number;
  readonly destinations: readonly Checked[];
  /** What it would have cost on AWS. */
  readonly cost: RunCost;
}

/** Whether every destination holds exactly what it should. */
export function allRight({ destinations }: Result): boolean {
  return destinations.every(({ problems }) => problems.length === 0);
}

const columns: readonly Column<Checked>[] = [
  { title: "destination", value: ({ name }) => name },
  { title: "kind", value: ({ kind }) => kind },
  { title: "arrived", value: ({ arrived }) => arrived },
  { title: "batches", value: ({ batches }) => String(batches), align: "right" },
  { title: "invocations", value: ({ invocations }) => String(invocations), align: "right" },
  { title: "calls", value: ({ calls }) => String(sum(Object.values(calls))), align: "right" },
  { title: "max lag", value: ({ lag }) => `${(lag / 1000).toFixed(1)} s`, align: "right" },
  { title: "failures", value: ({ failureMessages }) => String(failureMessages), align: "right" },
  { title: "verified", value: ({ problems }) => (problems.length === 0 ? "exact" : "WRONG") },
];

function namesOf(destinations: readonly Checked[]): string {
  return destinations.map(({ name }) => name).join(" and ");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** The result as a person reads it, in about 120 columns. */
export function report(result: Result): string {
  const { stack, changes, seconds, destinations, cost } = result;
  const consumers = Map.groupBy(destinations, (destination) => destination.function).values();
  const shared = [...consumers].filter((together) => together.length > 1);
  const problems = destinations.flatMap(({ name, problems }) => problems.map((problem) => `  ${name}: ${problem}`));
  const waiting = destinations.filter(({ refusedWaits }) => refusedWaits);
  return [
    `${changes} changes through stack ${stack} in ${seconds.toFixed(1)} s`,
    "",
    textTable(columns, destinations),
    "",
    costReport(cost),
    "",
    ...shared.map((together) => `${namesOf(together)} share a consumer, whose figures each of them shows.`),
    ...(waiting.length === 0
      ? []
      : [
          `One change has a string with U+0000, which a warehouse cannot hold. It waits in the failure queue of ${namesOf(waiting)}.`,
        ]),
    ...(problems.length === 0
      ? ["Every destination holds exactly what it should."]
      : ["Not what it should be:", ...problems]),
  ].join("\n");
}
