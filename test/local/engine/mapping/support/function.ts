import type { DynamoDBStreamEvent } from "aws-lambda";
import type { Invocation } from "../../../../../local/engine/invocation.ts";

/** A function that remembers the ids of the records of each invocation. */
export interface RecordingFunction {
  readonly calls: string[][];
  invoke(event: DynamoDBStreamEvent): Promise<Invocation>;
  /** The ids of all invocations that did not fail, in order. */
  accepted(): string[];
}

/** @param answer what to answer; throwing is an unhandled error of the function */
export function recordingFunction(
  answer: (ids: readonly string[], event: DynamoDBStreamEvent) => unknown = () => null,
): RecordingFunction {
  const calls: string[][] = [];
  const accepted: string[] = [];
  return {
    calls,
    async invoke(event) {
      const ids = event.Records.map(idOf);
      calls.push(ids);
      const requestId = `request-${calls.length}`;
      try {
        const payload = await answer(ids, event);
        accepted.push(...ids);
        return { payload: payload ?? null, functionError: null, requestId };
      } catch (error) {
        if (error instanceof FunctionFailure)
          return { payload: { errorMessage: error.message }, functionError: "Unhandled", requestId };
        throw error;
      }
    },
    accepted: () => accepted,
  };
}

/** Thrown by a test's function to fail its invocation. */
export class FunctionFailure extends Error {}

export function idOf(record: DynamoDBStreamEvent["Records"][number]): string {
  return record.dynamodb?.Keys?.id?.S ?? "";
}

/** The answer that reports these records as failed. */
export function failing(...sequenceNumbers: unknown[]): unknown {
  return { batchItemFailures: sequenceNumbers.map((itemIdentifier) => ({ itemIdentifier })) };
}
