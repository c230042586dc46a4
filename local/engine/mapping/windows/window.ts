import type { DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";

/** A span of time, in milliseconds since the epoch, into which a shard's records fall: from `start` on, before `end`. */
interface Window {
  readonly start: number;
  readonly end: number;
}

/** A window that is still to be completed, and what the function has made of its records so far. */
export interface OpenWindow extends Window {
  readonly state: unknown;
}

/** The most that a state may take up as JSON, in bytes: 1 MB. */
export const largestState = 1024 * 1024;

/** For how long, in milliseconds, a window that is past its end still waits for records. */
const grace = 120_000;

/**
 * The tumbling window of a record. Lambda sets the boundaries by the time at which records entered the stream; its
 * examples begin at multiples of the window's size, counted from the epoch.
 *
 * That time is the record's ApproximateCreationDateTime as the function sees it, also where DynamoDB Local has rounded
 * it down to the minute. So a record always falls into the same window, however often and whenever it is read, and into
 * the one that its own time names. Windows of whole minutes are what they are on AWS; one shorter than a minute that
 * begins with a minute gathers that minute's records, and the others stay empty.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html
 * @param createdAt milliseconds since the epoch
 * @param size in seconds
 */
export function windowOf(createdAt: number, size: number): Window {
  const length = 1000 * size;
  const start = Math.floor(createdAt / length) * length;
  return { start, end: start + length };
}

/**
 * Until when a window waits for more records, seen from the last moment in which something happened to it: documented
 * are up to two minutes in which no record came; taken here as two whole minutes after the window's end.
 * @param now milliseconds since the epoch
 * @param timeScale how long a second of waiting lasts, in seconds
 */
export function quietUntil({ end }: Window, now: number, timeScale: number): number {
  return now + timeScale * (Math.max(0, end - now) + grace);
}

/** Whether a state has become so large that Lambda ends its window early. */
export function isTooLarge(state: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(state)) > largestState;
}

/** What a function of a mapping with tumbling windows is invoked with. */
export interface WindowEvent extends DynamoDBStreamEvent {
  /** Without milliseconds. */
  readonly window: { readonly start: string; readonly end: string };
  /** What the previous invocation for this window returned; `{}` at first. */
  readonly state: unknown;
  readonly shardId: string;
  readonly eventSourceARN: string;
  readonly isFinalInvokeForWindow: boolean;
  readonly isWindowTerminatedEarly: boolean;
}

/** Where the windows are. */
export interface WindowSource {
  readonly shardId: string;
  readonly eventSourceArn: string;
}

/**
 * Writes the event of an invocation for a window.
 * @param ending absent while the window goes on; else whether it ends before its time, because its state is too large
 */
export function windowEvent(
  open: OpenWindow,
  records: DynamoDBRecord[],
  { shardId, eventSourceArn }: WindowSource,
  ending?: { readonly early: boolean },
): WindowEvent {
  return {
    Records: records,
    window: { start: toTheSecond(open.start), end: toTheSecond(open.end) },
    state: open.state,
    shardId,
    eventSourceARN: eventSourceArn,
    isFinalInvokeForWindow: ending !== undefined,
    isWindowTerminatedEarly: ending?.early === true,
  };
}

/** A time in whole seconds, as AWS writes it. */
export function toTheSecond(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, "Z");
}
