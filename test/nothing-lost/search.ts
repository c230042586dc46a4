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

/** Runs cases until one fails, which it makes as small as it can; a case that throws has failed. */
export async function search(
  cases: fc.Arbitrary<Case>,
  run: (one: Case) => Promise<Outcome>,
  { runs, seed, path, limit }: Search,
): Promise<Searched> {
  let last: { one: Case; outcome: Outcome } | undefined;
  const property = fc.asyncProperty(cases, async (one) => {
    const outcome = await run(one).catch((error: Error) => ({ problems: [error.stack ?? String(error)] }));
    if (outcome.problems.length === 0) return;
    last = { one, outcome };
    throw new Error(outcome.problems.join("\n"));
  });
  const options = { numRuns: runs, seed, ...(path !== undefined && { path }) };
  let details = await fc.check(property, {
    ...options,
    ...(limit !== undefined && { interruptAfterTimeLimit: limit }),
  });
  const { numRuns } = details;
  if (!details.failed || last === undefined) return { runs: numRuns };
  if (details.interrupted && details.counterexamplePath !== null) {
    const further = { ...options, path: details.counterexamplePath, interruptAfterTimeLimit: shrinking };
    details = await fc.check(property, further);
  }
  const again = `FANOUT_SEED=${seed} FANOUT_PATH=${details.counterexamplePath ?? path}`;
  return { runs: numRuns, failure: `${history(last.one, last.outcome)}\n\nRun it again with ${again}.` };
}
