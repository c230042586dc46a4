import type { QueuedRecord } from "./queued-record.ts";
import { toTheSecond } from "./window-event.ts";

/** Why records were discarded. */
export type Condition = "RetryAttemptsExhausted" | "RecordAgeExceeded";

/**
 * What Lambda tells a mapping's on-failure destination about discarded records: where to find them, not the records themselves.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export interface FailureRecord {
  readonly requestContext: {
    readonly requestId: string;
    readonly functionArn: string;
    readonly condition: Condition;
    readonly approximateInvokeCount: number;
  };
  /** Absent when the records expired. */
  readonly responseContext?: {
    readonly statusCode: number;
    readonly executedVersion: string;
    /** Null when the function answered, but with failures. */
    readonly functionError: string | null;
  };
  readonly version: "1.0";
  /** With milliseconds. */
  readonly timestamp: string;
  readonly DDBStreamBatchInfo: {
    readonly shardId: string;
    readonly startSequenceNumber: string;
    readonly endSequenceNumber: string;
    /** Without milliseconds. */
    readonly approximateArrivalOfFirstRecord: string;
    readonly approximateArrivalOfLastRecord: string;
    readonly batchSize: number;
    readonly streamArn: string;
  };
}

/** The discarded records and how it came to that. */
export interface Discard {
  readonly condition: Condition;
  /** At least one. */
  readonly records: readonly Pick<QueuedRecord, "sequenceNumber" | "createdAt">[];
  /** Invocations that reached the function with these records; 0 if they had expired before the first. */
  readonly attempts: number;
  /** The request id of the last invocation, or a new one if there was none. */
  readonly requestId: string;
  readonly functionError: string | null;
}

export interface DiscardPlace {
  readonly functionArn: string;
  readonly streamArn: string;
  readonly shardId: string;
}

/**
 * Writes the message about one discarded part. AWS may merge the messages of neighbouring parts after a bisect; when it does
 * is not documented, so each part has its own here. Recorded: records that had expired before the first invocation
 * still have an approximateInvokeCount of 1.
 * @param now milliseconds since the epoch
 */
export function failureRecord(discard: Discard, place: DiscardPlace, now: number): FailureRecord {
  const first = discard.records[0]!;
  const last = discard.records.at(-1)!;
  return {
    requestContext: {
      requestId: discard.requestId,
      functionArn: place.functionArn,
      condition: discard.condition,
      approximateInvokeCount: Math.max(1, discard.attempts),
    },
    ...(discard.condition === "RetryAttemptsExhausted" && {
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: discard.functionError },
    }),
    version: "1.0",
    timestamp: new Date(now).toISOString(),
    DDBStreamBatchInfo: {
      shardId: place.shardId,
      startSequenceNumber: first.sequenceNumber,
      endSequenceNumber: last.sequenceNumber,
      approximateArrivalOfFirstRecord: toTheSecond(first.createdAt),
      approximateArrivalOfLastRecord: toTheSecond(last.createdAt),
      batchSize: discard.records.length,
      streamArn: place.streamArn,
    },
  };
}
