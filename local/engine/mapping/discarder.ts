import type { DynamoDBStreamEvent } from "aws-lambda";
import type { Clock } from "./clock.ts";
import { type Discard, type DiscardPlace, type FailureRecord, failureRecord } from "./failure-record.ts";
import type { Tally } from "./stats.ts";

export interface DiscarderOptions {
  readonly place: DiscardPlace;
  readonly send: ((record: FailureRecord, event: DynamoDBStreamEvent) => Promise<void>) | undefined;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly report: (what: string, cause: unknown) => void;
}

/**
 * Makes the function that gives records up: it tells the on-failure destination, if there is one. Records whose message
 * cannot be sent are dropped, and delivery goes on, as on AWS
 * (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html, DestinationDeliveryFailures).
 */
export function discarder({ place, send, clock, tally, report }: DiscarderOptions) {
  return async (discard: Discard, event: DynamoDBStreamEvent): Promise<void> => {
    const count = discard.records.length;
    if (send === undefined) {
      tally.droppedRecords += count;
      return;
    }
    try {
      await send(failureRecord(discard, place, clock.now()), event);
      tally.failureMessages += 1;
      tally.recordsInFailureMessages += count;
    } catch (error) {
      tally.droppedRecords += count;
      report(`dropped ${count} ${count === 1 ? "record" : "records"}: the failure message could not be sent`, error);
    }
  };
}
