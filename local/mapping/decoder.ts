import type { _Record as ApiRecord } from "@aws-sdk/client-dynamodb-streams";
import type { DynamoDBRecord } from "aws-lambda";
import type { Clock } from "./clock.ts";
import { asTtlDelete, type Origin, toEventRecord } from "./event.ts";
import { compileFilter } from "./filter.ts";
import type { QueuedRecord } from "./queued-record.ts";
import type { Tally } from "./stats.ts";

/** A record as it came from the stream: on its way to the function, or passed over by the filters. */
export type Decoded = Omit<QueuedRecord, "place"> | { readonly filtered: string };

export interface DecoderOptions {
  readonly origin: Origin;
  readonly patterns: readonly string[];
  readonly isTtlDelete: (record: DynamoDBRecord) => boolean;
  readonly clock: Clock;
  readonly tally: Tally;
}

/** Makes the function that decodes, filters and counts the records of a stream. */
export function decoder({
  origin,
  patterns,
  isTtlDelete,
  clock,
  tally,
}: DecoderOptions): (source: ApiRecord) => Decoded {
  const passes = compileFilter(patterns);
  return (source) => {
    const decoded = toEventRecord(source, origin);
    const isUnmarkedRemove = decoded.eventName === "REMOVE" && decoded.userIdentity === undefined;
    const record = isUnmarkedRemove && isTtlDelete(decoded) ? asTtlDelete(decoded) : decoded;
    const sequenceNumber = source.dynamodb!.SequenceNumber!;
    tally.polled += 1;
    if (!passes(record)) {
      tally.filteredOut += 1;
      return { filtered: sequenceNumber };
    }
    return {
      record,
      sequenceNumber,
      createdAt: source.dynamodb!.ApproximateCreationDateTime!.getTime(),
      readAt: clock.now(),
      bytes: Buffer.byteLength(JSON.stringify(record)),
    };
  };
}
