import { type UnitsByPlace, unitsBelow } from "../../terminal/json.ts";
import { textTable } from "../../terminal/table.ts";
import { counted } from "../../terminal/text.ts";
import { type Accepted, accepted } from "./accepted.ts";
import type { Mutant } from "./mutants.ts";
import type { FileResult } from "./mutate-file.ts";

/** The least share of mutants that tests must see. */
export const leastShare = 0.9;

/** The mutants that were seen, and all of them. */
function sums(results: readonly Omit<FileResult, "file">[]) {
  const sum = (of: (result: Omit<FileResult, "file">) => number) => results.reduce((all, one) => all + of(one), 0);
  const killed = sum(({ failed, endless, refused }) => failed + endless + refused);
  const survived = sum(({ survivors }) => survivors.length);
  return { killed, survived, all: killed + survived };
}

/** The share that was seen: 1 where there is nothing to see. */
export function shareOf(results: readonly FileResult[]): number {
  const { killed, all } = sums(results);
  return all === 0 ? 1 : killed / all;
}

/** Why a survivor is accepted; undefined if it is not. */
function reasonFor(file: string, { code, before, after }: Mutant) {
  const isThis = (one: Accepted) =>
    one.file === file && one.code === code && one.before === before && one.after === after;
  return accepted.find(isThis)?.reason;
}

/** One table in so many columns, and the survivors with what was changed. */
export function report(results: readonly FileResult[], width: number): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const table = textTable(
    [
      { title: "file", value: ({ name }) => name },
      { title: "tests", value: ({ of }) => (of.length === 1 ? String(of[0]!.tests) : ""), align: "right" },
      { title: "mutants", value: ({ of }) => String(sums(of).all), align: "right" },
      { title: "killed", value: ({ of }) => String(sums(of).killed), align: "right" },
      { title: "survived", value: ({ of }) => String(sums(of).survived), align: "right" },
      { title: "share", value: ({ of }) => percent(shareOf(of)), align: "right" },
    ],
    [...results.map((one) => ({ name: one.file, of: [one] })), { name: "all", of: results }],
    width,
  );
  const lines = survivorsOf(results).map(({ file, line, before, after, reason }) => {
    const why = reason === undefined ? "" : `\n    accepted: ${reason}`;
    return `  ${file}:${line}  ${before}  ->  ${after}${why}`;
  });
  if (lines.length === 0) return table;
  return `${table}\n\n${counted(lines.length, "survivor")}:\n${lines.join("\n")}`;
}

const sumUnits = { killed: "mutants", survived: "mutants", all: "mutants" };

/** What the numbers of `asJson` count or measure. */
export const resultUnits: UnitsByPlace = {
  share: "fraction",
  ...sumUnits,
  ...unitsBelow("files", {
    tests: "test files",
    failed: "mutants",
    endless: "mutants",
    refused: "mutants",
    ...sumUnits,
  }),
  "survivors.line": "line of the file",
};

/** The same for programs. */
export function asJson(results: readonly FileResult[]) {
  const share = shareOf(results);
  return {
    ok: share >= leastShare,
    share,
    ...sums(results),
    files: results.map(({ survivors: _, ...one }) => ({ ...one, ...sums([{ ...one, survivors: _ }]) })),
    survivors: survivorsOf(results),
  };
}

function survivorsOf(results: readonly FileResult[]) {
  return results.flatMap(({ file, survivors }) =>
    survivors.map((one) => {
      const { line, before, after } = one;
      const reason = reasonFor(file, one);
      return { file, line, before, after, ...(reason !== undefined && { reason }) };
    }),
  );
}
