import type { DynamoDBStreamEvent } from "aws-lambda";
import type { Clock } from "../waiting.ts";
import type { MutableStats } from "./stats.ts";
import { toTheSecond } from "./windows/window.ts";

/** Why records were given up. */
export type Condition = "RetryAttemptsExhausted" | "RecordAgeExceeded";

/**
 * What Lambda sends to a mapping's on-failure destination about records that are given up: where to find them, not the records
 * themselves.
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

/** Records that are given up, and how it came to that. */
export interface GivenUp {
  readonly condition: Condition;
  /** At least one. */
  readonly records: readonly { readonly sequenceNumber: string; readonly createdAt: number }[];
  /** Invocations that reached the function with these records; 0 if they had expired before the first. */
  readonly attempts: number;
  /** The request id of the last invocation, or a new one if there was none. */
  readonly requestId: string;
  readonly functionError: string | null;
}

/** Where the records come from and where they were to go. */
interface FailureSource {
  readonly functionArn: string;
  readonly eventSourceArn: string;
  readonly shardId: string;
}

interface GiveUpOptions {
  readonly source: FailureSource;
  /** Sends to the on-failure destination; undefined if there is none. */
  readonly send: ((record: FailureRecord, event: DynamoDBStreamEvent) => Promise<void>) | undefined;
  /** Called with the message that nobody gets. */
  readonly onDrop?: ((record: FailureRecord) => void) | undefined;
  readonly clock: Clock;
  readonly stats: MutableStats;
  /** Reports a problem. */
  readonly report: (what: string, cause: unknown) => void;
}

/**
 * Makes the function that gives records up: it sends a message to the on-failure destination, if there is one. Records
 * whose message cannot be sent are dropped, and delivery goes on, as on AWS
 * (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html, DestinationDeliveryFailures).
 */
export function giveUpWith({ source, send, onDrop, clock, stats, report }: GiveUpOptions) {
  return async (givenUp: GivenUp, event: DynamoDBStreamEvent): Promise<void> => {
    const count = givenUp.records.length;
    const record = failureRecord(givenUp, source, clock.now());
    if (send === undefined) {
      stats.droppedRecords += count;
      onDrop?.(record);
      return;
    }
    try {
      await send(record, event);
      stats.failureMessages += 1;
      stats.recordsInFailureMessages += count;
    } catch (error) {
      stats.droppedRecords += count;
      report(`dropped ${count} ${count === 1 ? "record" : "records"}: the failure message could not be sent`, error);
    }
  };
}

/**
 * Writes the message about one part of a batch. AWS may merge the messages of neighbouring parts after a bisect; when it does
 * is not documented, so each part has its own here. Recorded: records that had expired before the first invocation
 * still have an approximateInvokeCount of 1.
 * @param now milliseconds since the epoch
 */
export function failureRecord(givenUp: GivenUp, source: FailureSource, now: number): FailureRecord {
  const first = givenUp.records[0]!;
  const last = givenUp.records.at(-1)!;
  return {
    requestContext: {
      requestId: givenUp.requestId,
      functionArn: source.functionArn,
      condition: givenUp.condition,
      approximateInvokeCount: Math.max(1, givenUp.attempts),
    },
    ...(givenUp.condition === "RetryAttemptsExhausted" && {
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: givenUp.functionError },
    }),
    version: "1.0",
    timestamp: new Date(now).toISOString(),
    DDBStreamBatchInfo: {
      shardId: source.shardId,
      startSequenceNumber: first.sequenceNumber,
      endSequenceNumber: last.sequenceNumber,
      approximateArrivalOfFirstRecord: toTheSecond(first.createdAt),
      approximateArrivalOfLastRecord: toTheSecond(last.createdAt),
      batchSize: givenUp.records.length,
      streamArn: source.eventSourceArn,
    },
  };
}
