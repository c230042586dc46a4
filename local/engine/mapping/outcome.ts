import { isObject } from "../../../infra/settings/is-object.ts";

/** What came of an invocation that reached the function. */
export type Outcome =
  | { readonly kind: "success" }
  /** The records before index `from` are done, the others are to be delivered again. */
  | { readonly kind: "partial"; readonly from: number }
  | { readonly kind: "failure" };

/** What the function answered: the parsed response, and `Unhandled` or `Handled` if the invocation failed. */
export interface Answer {
  readonly payload: unknown;
  readonly functionError: "Unhandled" | "Handled" | null;
}

/** What kind of answers the mapping expects. */
export interface AnswerRules {
  /** Whether the function reports failed items: `ReportBatchItemFailures`. */
  readonly reportsItems: boolean;
  /** Whether each answer must have a `state`, as in tumbling windows. */
  readonly needsState: boolean;
}

const success: Outcome = { kind: "success" };
const failure: Outcome = { kind: "failure" };

/**
 * Says what an answer means for the batch whose sequence numbers are given. Without `ReportBatchItemFailures`
 * (`reportsItems`) only the function's error counts. With it, empty answers are a success, the lowest reported sequence
 * number is the checkpoint, and anything that names no record of the batch fails the whole batch. In a tumbling window,
 * an answer without a `state` is a failed invocation.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export function classify(answer: Answer, sequenceNumbers: readonly string[], rules: AnswerRules): Outcome {
  const { reportsItems, needsState } = rules;
  if (answer.functionError !== null) return failure;
  if (needsState && stateOf(answer.payload) === undefined) return failure;
  if (!reportsItems) return success;
  const failures = reported(answer.payload);
  if (failures === undefined) return failure;
  if (failures.length === 0) return success;
  const places = new Map(sequenceNumbers.map((sequenceNumber, index) => [sequenceNumber, index]));
  let lowest: string | undefined;
  for (const item of failures) {
    const identifier = isObject(item) ? item.itemIdentifier : undefined;
    // One unusable identifier among usable ones: undocumented. Failing the whole batch loses nothing.
    if (typeof identifier !== "string" || !places.has(identifier)) return failure;
    if (lowest === undefined || BigInt(identifier) < BigInt(lowest)) lowest = identifier;
  }
  return { kind: "partial", from: places.get(lowest!)! };
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
