import fc from "fast-check";
import type { Case } from "./case.ts";
import { history } from "./history.ts";
import type { Ran } from "./run-case.ts";

/** How to search for a case that fails. */
export interface Search {
  readonly runs: number;
  readonly seed: number;
  /** Where an earlier search found one: only that case is run, and made smaller. */
  readonly path?: string;
  /** No run begins after so many milliseconds. @default no limit */
  readonly limit?: number;
}

/** What a search came to. */
export interface Searched {
  readonly runs: number;
  /** The smallest case that failed, as a history, with the seed and the path that find it again. */
  readonly failure?: string;
}

/** How long a case that failed may be made smaller, in milliseconds. */
const shrinking = 180_000;

type Outcome = Pick<Ran, "problems"> & Partial<Ran>;

/** Runs cases until one fails, which it makes as small as it can; a case that throws has failed. At least one is run. */
export async function search(
  cases: fc.Arbitrary<Case>,
  run: (one: Case) => Promise<Outcome>,
  { runs, seed, path, limit = Number.POSITIVE_INFINITY }: Search,
): Promise<Searched> {
  const begun = Date.now();
  let done = 0;
  let first: number | undefined;
  let last: { one: Case; outcome: Outcome } | undefined;
  const isOver = () =>
    first === undefined ? done > 0 && Date.now() - begun >= limit : Date.now() - first >= shrinking;
  const property = fc.asyncProperty(cases, async (one) => {
    if (isOver()) return;
    if (first === undefined) done++;
    const outcome = await run(one).catch((error: Error) => ({ problems: [error.stack ?? String(error)] }));
    if (outcome.problems.length === 0) return;
    first ??= Date.now();
    last = { one, outcome };
    throw new Error(outcome.problems.join("\n"));
  });
  const details = await fc.check(property, { numRuns: runs, seed, ...(path !== undefined && { path }) });
  if (last === undefined) return { runs: done };
  const again = `FANOUT_SEED=${seed} FANOUT_PATH=${details.counterexamplePath ?? path}`;
  return { runs: done, failure: `${history(last.one, last.outcome)}\n\nRun it again with ${again}.` };
}
