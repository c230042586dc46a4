import type { Change } from "./change.ts";

/** What a destination may know about the invocation that it works for. */
export interface Call {
  /** Milliseconds that are left for delivering; the core keeps a reserve for its answer and its log line. Never negative. */
  remaining(): number;
  /** Waits, for at most what is left. */
  sleep(ms: number): Promise<void>;
  /** A number from 0 up to, not including, 1, by chance: pauses are spread by it. */
  random(): number;
  /** Says why a change failed, for the batch's log line: the problem and the way out, without the item's data. */
  explain(change: Change, problem: string): void;
  /** Counts a repeated attempt, for the batch's log line; the reason is told in a line of its own when it takes long. */
  retried(reason: string): void;
  /** Counts a call to the destination and the payload that it carries, in bytes, for the batch's log line. */
  sent(bytes: number): void;
}

/**
 * Writes changes, which come in shard order, to one destination, and returns those that failed; throwing means that all
 * failed. Two duties: the same change, or an older one of its key, may come again at any time and must do no harm; and
 * after a change has failed, no later change of its key may overtake it where the destination cannot tell the order.
 * A change that the destination refuses fails at once, and nothing else waits for it; everything else is tried again until
 * the time is over (`isRefusal` tells the two apart).
 */
export type Deliver = (changes: readonly Change[], call: Call) => Promise<readonly Change[]>;

/** Makes a destination's `deliver` from its settings, once per process: clients live as long as what this returns. */
export type Connect<Settings> = (settings: Settings) => Deliver;
