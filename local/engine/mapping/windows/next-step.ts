import { type BatchLimits, type LaneStep, type LaneView, nextBatch, untilChange } from "../gather.ts";
import { largestState, type OpenWindow, windowOf } from "./window.ts";

/** What a lane with tumbling windows looks like at a moment. */
export interface WindowLaneView extends LaneView {
  readonly open: OpenWindow | undefined;
  /** Whether the open window's state is too large to go on with. */
  readonly isTooLarge: boolean;
  /** Until when the open window waits for more records, in milliseconds since the epoch. */
  readonly quietUntil: number;
}

/** Room for the state and what else a window adds to an event. */
const envelope = largestState + 2048;

/**
 * Decides what a lane with tumbling windows does next. A window ends when the first record of a later one comes, when the
 * shard ends, when no more records come for a while, or early, when its state is too large
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html).
 *
 * Undocumented, and so decided here: a batch never reaches beyond its window, whose end therefore sends it off,
 * whatever the batching window says; a record that is older than the open window stays in that window, as a shard's
 * records keep their order; records that match no filter neither open windows nor end them; and the 6 MB of a
 * batch always leave room for a state of 1 MB.
 * @param size of the windows, in seconds
 */
export function nextStep(view: WindowLaneView, limits: Omit<BatchLimits, "envelope">, size: number): LaneStep {
  const { waiting, open, ended, now } = view;
  const first = waiting[0];
  if (open !== undefined && view.isTooLarge) return { kind: "closeWindow" };
  if (first === undefined) {
    if (open === undefined) return ended ? { kind: "finished" } : untilChange;
    if (ended || now >= view.quietUntil) return { kind: "closeWindow" };
    return { kind: "wait", milliseconds: view.quietUntil - now };
  }
  const { end } = open ?? windowOf(first.createdAt, size);
  if (first.createdAt >= end) return { kind: "closeWindow" };
  const later = waiting.findIndex(({ createdAt }) => createdAt >= end);
  const fitting = later === -1 ? waiting : waiting.slice(0, later);
  return nextBatch(fitting, { ...limits, envelope }, view.gatheredFor, ended || later !== -1);
}
