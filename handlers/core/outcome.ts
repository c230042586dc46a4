import type { Change } from "./change.ts";
import type { Clock } from "./clock.ts";
import type { Call, Deliver } from "./deliver.ts";
import { describe } from "./errors.ts";

/** What became of a batch at one destination. */
export interface Outcome {
  readonly failed: ReadonlySet<Change>;
  /** Why a change failed, where the destination said so. */
  readonly problems: ReadonlyMap<Change, string>;
  /** Why all changes failed, if they failed together. */
  readonly problem?: string;
  readonly retries: number;
  readonly calls: number;
  /** Payload of all calls, in bytes. */
  readonly bytes: number;
  /** Milliseconds from start to end. */
  readonly ms: number;
}

/** How long a batch may take; both in milliseconds from now, never negative. */
export interface TimeLeft {
  /** Until destinations should have ended by themselves. */
  soft(): number;
  /** Until they are no longer waited for. */
  hard(): number;
}

/** A destination that has not taken everything for a while. */
export interface Wait {
  readonly reason: string;
  /** For how long it has been tried, in seconds. */
  readonly seconds: number;
}

/** When a wait is told of: after half a minute, and every five minutes from then on. Milliseconds. */
const told = { first: 30_000, next: 300_000 };

/**
 * Lets a destination deliver, whatever happens: a throw, an answer that makes no sense, and no answer in time all mean
 * that every change failed. Destinations keep to their time by themselves; the hard limit is there for what goes wrong.
 *
 * @param onWait told now and then while a destination is unavailable
 */
export async function outcomeOf(
  deliver: Deliver,
  changes: readonly Change[],
  time: TimeLeft,
  clock: Clock,
  random: () => number,
  onWait: (wait: Wait) => void,
): Promise<Outcome> {
  const problems = new Map<Change, string>();
  const counted = { retries: 0, calls: 0, bytes: 0 };
  const start = clock.now();
  let nextWord = start + told.first;
  const end = () => ({ problems, ...counted, ms: Math.round(clock.now() - start) });
  const call: Call = {
    remaining: time.soft,
    sleep: (ms) => clock.sleep(ms),
    random,
    explain: (change, problem) => void problems.set(change, problem),
    retried: (reason) => {
      counted.retries++;
      const now = clock.now();
      if (now < nextWord) return;
      nextWord = now + told.next;
      onWait({ reason, seconds: Math.round((now - start) / 1000) });
    },
    sent: (bytes) => {
      counted.calls++;
      counted.bytes += bytes;
    },
  };
  try {
    const answer = await inTime(deliver(changes, call), time.hard());
    const given = new Set(changes);
    if (!answer.every((change) => given.has(change)))
      throw new Error("The destination answered with changes it was not given.");
    return { failed: new Set(answer), ...end() };
  } catch (error) {
    return { failed: new Set(changes), problem: describe(error), ...end() };
  }
}

async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("The destination did not end within the function's time.")), ms);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
