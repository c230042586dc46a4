import type { Checked } from "./check-destination.ts";
import { type Column, textTable } from "./text-table.ts";

/** What a run comes to. */
export interface Result {
  readonly stack: string;
  /** Writes to the source table, and items that its time to live deleted. */
  readonly changes: number;
  /** From the first write until everything was delivered or given up, in seconds. */
  readonly seconds: number;
  readonly destinations: readonly Checked[];
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
  {
    title: "calls",
    value: ({ calls }) =>
      Object.entries(calls)
        .map(([name, n]) => `${n} ${name}`)
        .join(", "),
  },
  { title: "max lag", value: ({ lag }) => `${(lag / 1000).toFixed(1)} s`, align: "right" },
  { title: "failure queue", value: ({ failureMessages: n }) => (n === 1 ? "1 message" : `${n} messages`) },
  { title: "verified", value: ({ problems }) => (problems.length === 0 ? "exact" : "WRONG") },
];

/** The result as a person reads it. */
export function report(result: Result): string {
  const { stack, changes, seconds, destinations } = result;
  const problems = destinations.flatMap(({ name, problems }) => problems.map((problem) => `  ${name}: ${problem}`));
  const waiting = destinations.filter(({ failureMessages }) => failureMessages > 0).map(({ name }) => name);
  return [
    `${changes} changes through stack ${stack} in ${seconds.toFixed(1)} s`,
    "",
    textTable(columns, destinations),
    "",
    ...(waiting.length === 0
      ? []
      : [
          `One change has a string with U+0000, which a warehouse cannot hold. It waits in the failure queue of ${waiting.join(" and ")}.`,
        ]),
    ...(problems.length === 0
      ? ["Every destination holds exactly what it should."]
      : ["Not what it should be:", ...problems]),
  ].join("\n");
}
