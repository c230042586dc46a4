import type { Change } from "./change.ts";
import type { Outcome } from "./outcome.ts";

/** One change that one destination does not have, and why. */
export interface Failure {
  readonly destination: string;
  readonly change: Change;
  readonly reason: string;
}

/** All failures of a batch: destination by destination, each in the order of the changes. */
export function* failuresOf(
  changes: readonly Change[],
  outcomes: ReadonlyMap<string, Outcome>,
): Generator<Failure, void, undefined> {
  for (const [destination, { failed, problems, problem }] of outcomes) {
    for (const change of changes) {
      if (!failed.has(change)) continue;
      const reason = problem ?? problems.get(change) ?? "The destination gave no reason.";
      yield { destination, change, reason };
    }
  }
}
