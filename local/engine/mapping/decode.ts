import type { _Record as ApiRecord } from "@aws-sdk/client-dynamodb-streams";
import type { DynamoDBRecord } from "aws-lambda";
import { compileFilter, toEventRecord } from "../../../operate/stream/event-record.ts";
import type { Clock } from "../waiting.ts";
import type { ProgressEntry } from "./checkpoint.ts";
import type { MappingOptions } from "./options.ts";
import type { MutableStats } from "./stats.ts";

/** An event record on its way to the function, with what the mapping's decisions need to know about it. */
export interface QueuedRecord {
  readonly record: DynamoDBRecord;
  readonly sequenceNumber: string;
  /** When the change was made, as the stream says, or when it was read where the stream does not say; in milliseconds since the epoch. */
  readonly createdAt: number;
  /** From when its age counts, in milliseconds since the epoch. */
  readonly agesFrom: number;
  /** When the mapping read it, in milliseconds since the epoch. */
  readonly readAt: number;
  /** Its size as JSON, in bytes. */
  readonly bytes: number;
  /** By which the shard's progress knows it. */
  readonly entry: ProgressEntry;
}

/** A record as it came from the stream: on its way to the function, or filtered out, of which only the sequence number is left. */
export type Decoded = Omit<QueuedRecord, "entry"> | { readonly filteredOut: string };

type FilterOptions = Pick<MappingOptions, "eventSourceArn" | "streamArn" | "region" | "settings">;

interface DecoderOptions {
  /** Made by `recordFilter`. */
  readonly filter: (source: ApiRecord) => DynamoDBRecord | undefined;
  readonly clock: Clock;
  readonly stats: MutableStats;
}

/** Makes the function that decodes, filters and counts the records of a stream. */
export function decoder({ filter, clock, stats }: DecoderOptions): (source: ApiRecord) => Decoded {
  return (source) => {
    const record = filter(source);
    const sequenceNumber = source.dynamodb!.SequenceNumber!;
    stats.polled += 1;
    if (record === undefined) {
      stats.filteredOut += 1;
      return { filteredOut: sequenceNumber };
    }
    const readAt = clock.now();
    const createdAt = source.dynamodb!.ApproximateCreationDateTime?.getTime() ?? readAt;
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

/** Makes the function that turns a stream's record into the event's, or into undefined if it matches no filter. */
export function recordFilter(options: FilterOptions): (source: ApiRecord) => DynamoDBRecord | undefined {
  const origin = { eventSourceArn: eventSourceArnOf(options), region: options.region };
  const passes = compileFilter(options.settings.filterCriteria.filters.map(({ pattern }) => pattern));
  return (source) => {
    const record = toEventRecord(source, origin);
    return passes(record) ? record : undefined;
  };
}

/** The stream's ARN in events and failure messages. */
export function eventSourceArnOf({ eventSourceArn, streamArn, region }: FilterOptions): string {
  return eventSourceArn ?? streamArn.split(":").with(3, region).join(":");
}

const minute = 60_000;

/**
 * From when a record's age counts: when it was created, as the stream says. DynamoDB Local rounds that time down to the
 * minute, so a whole minute says only that the record was created somewhere within it, and before it was read. The
 * latest such moment counts: to give a record up a minute late does less harm than to give it up before anybody saw it.
 * @param createdAt milliseconds since the epoch
 * @param readAt milliseconds since the epoch
 */
export function agesFrom(createdAt: number, readAt: number): number {
  return createdAt % minute === 0 ? Math.max(createdAt, Math.min(readAt, createdAt + minute - 1)) : createdAt;
}
