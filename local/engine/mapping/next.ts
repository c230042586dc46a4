import type { Outcome } from "./outcome.ts";

/** A batch, or what is left of one, that still has to be delivered. */
export interface Part<T> {
  readonly records: readonly T[];
  /** Invocations that reached the function with these very records and failed. */
  readonly attempts: number;
  /** Invocations of these very records that were refused before they reached the function. */
  readonly refusals: number;
}

/** What happens after an invocation. */
export type Step<T> =
  | { readonly kind: "done" }
  /** The first `settled` records are done; the rest starts afresh. */
  | { readonly kind: "resume"; readonly settled: number; readonly rest: Part<T> }
  /** The two halves are delivered one after the other, each with all of its retries. */
  | { readonly kind: "split"; readonly halves: readonly [Part<T>, Part<T>] }
  | { readonly kind: "retry"; readonly part: Part<T> }
  /** The retries are used up: the records are discarded. */
  | { readonly kind: "giveUp"; readonly part: Part<T> };

export interface RetrySettings {
  readonly bisectBatchOnFunctionError: boolean;
  /** -1: no limit. */
  readonly maximumRetryAttempts: number;
}

/** A part that nobody has tried yet. */
export function fresh<T>(records: readonly T[]): Part<T> {
  return { records, attempts: 0, refusals: 0 };
}

/**
 * Decides how a part goes on after an invocation of it.
 * * Progress brings a fresh quota of retries for what is left, and the cut is at the reported record: no halving
 *   (https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html). A report of the first record is no
 *   progress, and as such a report is an answer, not a failed invocation, it does not halve the part either. Nobody has
 *   recorded what AWS does there; a function that survives this reading survives the kinder one too.
 * * A failed invocation halves the part, if so configured, without using up retries. Docs leave open whether a half is
 *   tried 1 or 1 + N times before the next cut (here: once), which half is larger (the first), and whether an answer that
 *   fails the whole batch halves it (here it does).
 * * A single record, or a part that may not be halved, uses up its retries: 1 + `maximumRetryAttempts` invocations in all.
 */
export function next<T>(part: Part<T>, outcome: Outcome, settings: RetrySettings): Step<T> {
  if (outcome.kind === "success") return { kind: "done" };
  if (outcome.kind === "partial" && outcome.from > 0) {
    return { kind: "resume", settled: outcome.from, rest: fresh(part.records.slice(outcome.from)) };
  }
  if (outcome.kind === "failure" && settings.bisectBatchOnFunctionError && part.records.length > 1) {
    const middle = Math.ceil(part.records.length / 2);
    return { kind: "split", halves: [fresh(part.records.slice(0, middle)), fresh(part.records.slice(middle))] };
  }
  const failed = { ...part, attempts: part.attempts + 1 };
  const exhausted = settings.maximumRetryAttempts >= 0 && failed.attempts > settings.maximumRetryAttempts;
  return { kind: exhausted ? "giveUp" : "retry", part: failed };
}

/** The part after an invocation that was refused: that uses up no retries. */
export function refused<T>(part: Part<T>): Part<T> {
  return { ...part, refusals: part.refusals + 1 };
}
