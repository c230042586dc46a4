import { type Column, textTable } from "../../terminal/table.ts";
import { prose } from "../../terminal/text.ts";
import type { Soaked } from "./soak.ts";

const columns: readonly Column<Soaked>[] = [
  { title: "changes", value: ({ changes }) => whole(changes), align: "right" },
  { title: "time", value: ({ seconds }) => `${seconds.toFixed(0)} s`, align: "right" },
  { title: "per second", value: ({ changes, seconds }) => whole(changes / seconds), align: "right" },
  { title: "invocations", value: ({ invocations }) => whole(invocations), align: "right" },
  { title: "faults", value: ({ faults }) => whole(faults), align: "right" },
  { title: "failure messages", value: ({ failureMessages }) => whole(failureMessages), align: "right" },
  {
    title: "most memory",
    value: ({ rounds }) => `${whole(Math.max(...rounds.map(({ memory }) => memory)) / 1024 / 1024)} MiB`,
    align: "right",
  },
  { title: "verified", value: ({ problems }) => (problems.length === 0 ? "exact" : "WRONG") },
];

const mostProblems = 20;

/** What a soak came to, as a person reads it, in so many columns. */
export function report(soaked: Soaked, width: number): string {
  const { problems } = soaked;
  const lines = problems.slice(0, mostProblems).map((problem) => prose(`  ${problem}`, width, 2));
  const more = problems.length > mostProblems ? [`  and ${problems.length - mostProblems} more`] : [];
  return [
    textTable(columns, [soaked], width),
    "",
    ...(problems.length === 0
      ? [prose("Every change has arrived everywhere, or a failure message covers it.", width)]
      : ["Not what it should be:", ...lines, ...more]),
  ].join("\n");
}

function whole(number: number): string {
  return Math.round(number).toLocaleString("en");
}
