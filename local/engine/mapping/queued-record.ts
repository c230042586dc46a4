import type { DynamoDBRecord } from "aws-lambda";
import type { Place } from "./progress.ts";

/** An event record on its way to the function, with what the mapping's decisions need to know about it. */
export interface QueuedRecord {
  readonly record: DynamoDBRecord;
  readonly sequenceNumber: string;
  /** When the change was made, as the stream says, in milliseconds since the epoch. */
  readonly createdAt: number;
  /** From when its age counts, in milliseconds since the epoch. */
  readonly agesFrom: number;
  /** When the mapping read it, in milliseconds since the epoch. */
  readonly readAt: number;
  /** Its size as JSON, in bytes. */
  readonly bytes: number;
  /** Its place in its shard. */
  readonly place: Place;
}
