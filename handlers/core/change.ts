import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** What happened to the item. */
export type Operation = "INSERT" | "MODIFY" | "REMOVE";

/** An item, or a part of one, in the SDK's own form: numbers are decimal strings, binaries are bytes. */
export type Image = Readonly<Record<string, AttributeValue>>;

/** One stream record, decoded and checked. */
export interface Change {
  readonly operation: Operation;
  /** The item's key attributes. */
  readonly keys: Image;
  /** SHA-256 of the canonical key, as 64 hexadecimal digits: equal for equal keys, and safe wherever a key's own bytes are not. */
  readonly keyHash: string;
  /** The item before the change; absent for INSERT and where the stream's view type leaves it out. */
  readonly before?: Image;
  /** The item after the change; absent for REMOVE and where the stream's view type leaves it out. */
  readonly after?: Image;
  /** The stream's sequence number: a decimal string of up to 40 digits, larger for later changes of the same key. */
  readonly version: string;
  /** The stream's event id: the same whenever this change is delivered again. */
  readonly eventId: string;
  /** When the change was made, to the second (the stream knows no better), as ISO 8601 in UTC. */
  readonly time: string;
  /** Whether DynamoDB's time to live deleted the item, rather than a writer. */
  readonly expired: boolean;
  /** Whether it is brought back from a failure queue, and so may come after newer changes of its key. */
  readonly redriven: boolean;
  /** The record's size in bytes, as the stream counts it. */
  readonly bytes: number;
}
