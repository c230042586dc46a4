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
  /** The item before the change; absent for INSERT and where the record leaves it out, as its stream's view type does. */
  readonly before?: Image;
  /** The item after the change; absent for REMOVE and where the record leaves it out, as its stream's view type does. */
  readonly after?: Image;
  /** The stream's sequence number: a decimal string of up to 40 digits, larger for later changes of the same key. */
  readonly version: string;
  /** The stream's event id, or one of the same form where the record has none: the same whenever this change is delivered again. */
  readonly eventId: string;
  /** When the change was made, to the second (the stream knows no better), as ISO 8601 in UTC; absent where the record does not say. */
  readonly time?: string;
  /** Whether DynamoDB's time to live deleted the item, rather than a writer; absent where the record cannot tell, as of a global table. */
  readonly expired?: boolean;
  /** Whether it is brought back from a failure queue, and so may come after newer changes of its key. */
  readonly redriven: boolean;
  /** The record's size in bytes, as the stream counts it; 0 where the record does not say. */
  readonly bytes: number;
}

/** What a destination may know about the invocation that it works for. */
export interface Call {
  /** Milliseconds that are left for delivering; the core keeps a reserve for its answer and its log line. Never negative. */
  remaining(): number;
  /** Waits, for at most what is left. */
  sleep(ms: number): Promise<void>;
  /** A signal that aborts after so many milliseconds. */
  abortAfter(ms: number): AbortSignal;
  /** A number from 0 up to, not including, 1, by chance: pauses are spread by it. */
  random(): number;
  /** Says why a change failed, for the batch's log line: the problem and the way out, without the item's data. */
  explain(change: Change, problem: string): void;
  /** Counts a repeated attempt, for the batch's log line; the reason gets a line of its own when it takes long. */
  retried(reason: string): void;
  /** Counts a request to the destination, and its payload in bytes: `calls` and `bytes` in the batch's log line. */
  sent(bytes: number): void;
}

/**
 * Writes changes, which come in shard order, to one destination, and returns those that failed; throwing means that all
 * failed. Two duties:
 *
 * - The same change, or an older one of its key, may come again at any time and must do no harm.
 * - After a change has failed, no later change of its key may overtake it where the destination cannot tell the order.
 *
 * A change that the destination refuses fails at once, and nothing else waits for it; everything else is tried again until
 * the time is over (`isRefusal` tells the two apart, by the codes that each kind knows of its services).
 */
export type Deliver = (changes: readonly Change[], call: Call) => Promise<readonly Change[]>;

/** Makes a destination's `deliver` from its settings, once per process: clients live as long as what this returns. */
export type Connect<Settings> = (settings: Settings) => Deliver;
