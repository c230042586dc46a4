import { type BatchLimits, nextBatch } from "./batch.ts";
import { largestState, type OpenWindow, windowOf } from "./window.ts";

/** What a lane with tumbling windows looks like at a moment. */
export interface TumblingView {
  /** The records that wait, in the shard's order. */
  readonly waiting: readonly { readonly bytes: number; readonly createdAt: number }[];
  readonly open: OpenWindow | undefined;
  /** Whether the open window's state is too large to go on with. */
  readonly isTooLarge: boolean;
  /** Until when the open window waits for more records, in milliseconds since the epoch. */
  readonly quietUntil: number;
  /** Whether no more records come. */
  readonly ended: boolean;
  /** For how long the batch has been gathered, in milliseconds. */
  readonly openFor: number;
  readonly now: number;
}

/** What such a lane does next. */
export type TumblingStep =
  /** Delivers the first `take` records, which all belong to one window. */
  | { readonly kind: "deliver"; readonly take: number }
  /** Makes the open window's final invocation. */
  | { readonly kind: "close" }
  /** Looks again after so many milliseconds, or when something changes. */
  | { readonly kind: "wait"; readonly milliseconds: number }
  | { readonly kind: "finished" };

/** Room for the state and what else a window adds to an event. */
const envelope = largestState + 2048;

/**
 * Decides what a lane with tumbling windows does next. A window ends when the first record of a later one comes, when the
 * shard ends, when no more records come for a while, or early, when its state is too large
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html).
 *
 * Undocumented, and so decided here: a batch never reaches beyond its window, whose end therefore sends it off,
 * whatever the batching window says; a record that is older than the open window stays in that window, as a shard's
 * records keep their order; records that the filters pass over neither open windows nor end them; and the 6 MB of a
 * batch always leave room for a state of 1 MB.
 */
export function nextTumblingStep(
  view: TumblingView,
  limits: Omit<BatchLimits, "envelope">,
  size: number,
): TumblingStep {
  const { waiting, open, ended, now } = view;
  const first = waiting[0];
  if (open !== undefined && view.isTooLarge) return { kind: "close" };
  if (first === undefined) {
    if (open === undefined)
      return ended ? { kind: "finished" } : { kind: "wait", milliseconds: Number.POSITIVE_INFINITY };
    return ended || now >= view.quietUntil ? { kind: "close" } : { kind: "wait", milliseconds: view.quietUntil - now };
  }
  const { end } = open ?? windowOf(first.createdAt, size);
  if (first.createdAt >= end) return { kind: "close" };
  const later = waiting.findIndex(({ createdAt }) => createdAt >= end);
  const fitting = later === -1 ? waiting : waiting.slice(0, later);
  const { take, wait } = nextBatch(fitting, { ...limits, envelope }, view.openFor, ended || later !== -1);
  return take > 0 ? { kind: "deliver", take } : { kind: "wait", milliseconds: wait };
}
