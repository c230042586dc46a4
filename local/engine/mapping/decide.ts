import { isObject } from "../../../infra/is-object.ts";
import { counted } from "../../../terminal/text.ts";
import type { Invocation } from "../invocation.ts";

/** What an answer of the function means for the batch. */
export type Outcome =
  | { readonly kind: "success" }
  /** The records before index `from` are done, the others are to be delivered again. */
  | { readonly kind: "partial"; readonly from: number }
  /** None of the records is done. */
  | { readonly kind: "failure"; readonly reason: string };

/** What kind of answers the mapping expects. */
interface AnswerRules {
  /** Whether the function reports failed items: `ReportBatchItemFailures`. */
  readonly reportsItems: boolean;
  /** Whether each answer must have a `state`, as in tumbling windows. */
  readonly needsState: boolean;
}

const success: Outcome = { kind: "success" };

/**
 * Says what an answer means for the batch whose sequence numbers are given. Without `ReportBatchItemFailures`
 * (`reportsItems`) only the function's error counts. With it, empty answers are a success, the lowest reported sequence
 * number is the checkpoint, and anything that names no record of the batch fails the whole batch. In a tumbling window,
 * an answer without a `state` is a failed invocation.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export function classify(
  answer: Omit<Invocation, "requestId">,
  sequenceNumbers: readonly string[],
  rules: AnswerRules,
): Outcome {
  const { reportsItems, needsState } = rules;
  const { payload } = answer;
  if (answer.functionError !== null) return failure(errorOf(payload, answer.functionError));
  if (needsState && stateOf(payload) === undefined)
    return failure(`its answer ${shown(payload)} has no \`state\`, which a tumbling window needs`);
  if (!reportsItems) return success;
  const failures = reported(payload);
  if (failures === undefined)
    return failure(`its answer ${shown(payload)} does not say which items failed, as ReportBatchItemFailures needs it`);
  if (failures.length === 0) return success;
  const places = new Map(sequenceNumbers.map((sequenceNumber, index) => [sequenceNumber, index]));
  let lowest: string | undefined;
  for (const item of failures) {
    const identifier = isObject(item) ? item.itemIdentifier : undefined;
    // One unusable identifier among usable ones: undocumented. Failing the whole batch loses nothing.
    if (typeof identifier !== "string" || !places.has(identifier))
      return failure(`its answer ${shown(payload)} names an item that is not in the batch`);
    if (lowest === undefined || BigInt(identifier) < BigInt(lowest)) lowest = identifier;
  }
  return { kind: "partial", from: places.get(lowest!)! };
}

/** Why an invocation did not succeed; undefined if it did. */
export function reasonOf(outcome: Outcome, payload: unknown): string | undefined {
  if (outcome.kind === "success") return undefined;
  if (outcome.kind === "failure") return outcome.reason;
  return `it answered with ${counted(reported(payload)?.length ?? 0, "failure")}`;
}

function failure(reason: string): Outcome {
  return { kind: "failure", reason };
}

/** What the function's error says. */
function errorOf(payload: unknown, functionError: string): string {
  const { errorType = functionError, errorMessage = "" } = isObject(payload) ? payload : {};
  return `${errorType}: ${errorMessage}`;
}

/** So much of an answer is shown. */
const mostShown = 100;

function shown(payload: unknown): string {
  const text = JSON.stringify(payload) ?? String(payload);
  return text.length > mostShown ? `${text.slice(0, mostShown)}...` : text;
}

/** The state that an answer hands on in a tumbling window; undefined if it has none. */
export function stateOf(payload: unknown): unknown {
  return isObject(payload) && Object.hasOwn(payload, "state") ? payload.state : undefined;
}

/**
 * The reported items: none for an empty answer, undefined for one that cannot be understood. What Lambda makes of an answer
 * that is text, a number, a filled list, or whose `batchItemFailures` is no list is undocumented for streams; for queues
 * an invalid response fails the batch, and so it does here.
 */
function reported(payload: unknown): readonly unknown[] | undefined {
  if (payload === null || payload === undefined || payload === "") return [];
  if (Array.isArray(payload)) return payload.length === 0 ? [] : undefined;
  if (!isObject(payload)) return undefined;
  const failures = payload.batchItemFailures ?? [];
  return Array.isArray(failures) ? failures : undefined;
}

/** A batch, or what is left of one, that still has to be delivered. */
export interface BatchPart<T> {
  readonly records: readonly T[];
  /** Invocations that reached the function with these very records and failed. */
  readonly attempts: number;
  /** Invocations of these very records that were refused before they reached the function. */
  readonly refusals: number;
}

/** What happens after an invocation. */
export type Decision<T> =
  | { readonly kind: "done" }
  /** The first `settled` records are done; the rest starts with no attempts. */
  | { readonly kind: "resume"; readonly settled: number; readonly rest: BatchPart<T> }
  /** The two halves are delivered one after the other, each with all of its retries. */
  | { readonly kind: "split"; readonly halves: readonly [BatchPart<T>, BatchPart<T>] }
  | { readonly kind: "retry"; readonly part: BatchPart<T> }
  /** The retries are used up. */
  | { readonly kind: "giveUp"; readonly part: BatchPart<T> };

interface RetrySettings {
  readonly bisectBatchOnFunctionError: boolean;
  /** -1: no limit. */
  readonly maximumRetryAttempts: number;
}

/** A part that has not been tried yet. */
export function untried<T>(records: readonly T[]): BatchPart<T> {
  return { records, attempts: 0, refusals: 0 };
}

/**
 * Decides how a part goes on after an invocation of it.
 * * Progress gives what is left a fresh quota of retries, and the cut is at the reported record: no halving
 *   (https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html). A report of the first record is no
 *   progress, and as such a report is an answer, not a failed invocation, it does not halve the part either. What AWS does
 *   there is not recorded; a function that copes with this reading copes with the kinder one too.
 * * A failed invocation halves the part, if so configured, without using up retries. The documentation leaves open whether
 *   a half is tried 1 or 1 + N times before the next cut (here: once), which half is larger (the first), and whether an
 *   answer that fails the whole batch halves it (here it does).
 * * A single record, or a part that may not be halved, uses up its retries: 1 + `maximumRetryAttempts` invocations in all.
 */
export function decide<T>(part: BatchPart<T>, outcome: Outcome, settings: RetrySettings): Decision<T> {
  if (outcome.kind === "success") return { kind: "done" };
  if (outcome.kind === "partial" && outcome.from > 0) {
    return { kind: "resume", settled: outcome.from, rest: untried(part.records.slice(outcome.from)) };
  }
  if (outcome.kind === "failure" && settings.bisectBatchOnFunctionError && part.records.length > 1) {
    const middle = Math.ceil(part.records.length / 2);
    return { kind: "split", halves: [untried(part.records.slice(0, middle)), untried(part.records.slice(middle))] };
  }
  const failed = { ...part, attempts: part.attempts + 1 };
  const exhausted = settings.maximumRetryAttempts >= 0 && failed.attempts > settings.maximumRetryAttempts;
  return { kind: exhausted ? "giveUp" : "retry", part: failed };
}

/** The part after an invocation that was refused: that uses up no retries. */
export function afterRefusal<T>(part: BatchPart<T>): BatchPart<T> {
  return { ...part, refusals: part.refusals + 1 };
}
