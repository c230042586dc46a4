import type { _Record as ApiRecord } from "@aws-sdk/client-dynamodb-streams";
import type { DynamoDBRecord } from "aws-lambda";
import type { Clock } from "./clock.ts";
import type { QueuedRecord } from "./queued-record.ts";
import { agesFrom } from "./record-age.ts";
import type { Tally } from "./stats.ts";

/** A record as it came from the stream: on its way to the function, or passed over by the filters. */
export type Decoded = Omit<QueuedRecord, "place"> | { readonly filtered: string };

export interface DecoderOptions {
  /** Turns a stream's record into the event's, or into undefined if the filters pass it over. */
  readonly filter: (source: ApiRecord) => DynamoDBRecord | undefined;
  readonly clock: Clock;
  readonly tally: Tally;
}

/** Makes the function that decodes, filters and counts the records of a stream. */
export function decoder({ filter, clock, tally }: DecoderOptions): (source: ApiRecord) => Decoded {
  return (source) => {
    const record = filter(source);
    const sequenceNumber = source.dynamodb!.SequenceNumber!;
    tally.polled += 1;
    if (record === undefined) {
      tally.filteredOut += 1;
      return { filtered: sequenceNumber };
    }
    const createdAt = source.dynamodb!.ApproximateCreationDateTime!.getTime();
    const readAt = clock.now();
    return {
      record,
      sequenceNumber,
      createdAt,
      agesFrom: agesFrom(createdAt, readAt),
      readAt,
      bytes: Buffer.byteLength(JSON.stringify(record)),
    };
  };
}
