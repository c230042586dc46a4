import type { DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import type { OpenWindow } from "./window.ts";

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
export interface WindowPlace {
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
  { shardId, eventSourceArn }: WindowPlace,
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
