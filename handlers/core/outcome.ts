import { setTimeout as sleep } from "node:timers/promises";
import type { Call, Change, Deliver } from "./contract.ts";
import { errorLine } from "./errors.ts";

/** Where a consumer's time comes from. */
export interface Clock {
  /** Milliseconds since some moment. */
  now(): number;
  /** Resolves after so many milliseconds, or rejects as soon as the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's. */
export const machineClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal && { signal }),
};

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

/** When a wait is reported: after half a minute, and every five minutes from then on. Milliseconds. */
const reportAfter = { first: 30_000, next: 300_000 };

/** What `outcomeOf` needs besides the changes and where they go. */
interface DeliveryOptions {
  readonly time: TimeLeft;
  readonly clock: Clock;
  readonly random: () => number;
  /** Called now and then while a destination is unavailable. */
  readonly onWait: (wait: Wait) => void;
}

/**
 * Lets a destination deliver, whatever happens: a throw, an answer that makes no sense, and no answer in time all mean
 * that every change failed. Destinations keep to their time by themselves; the hard limit is there for what goes wrong.
 */
export async function outcomeOf(
  deliver: Deliver,
  changes: readonly Change[],
  { time, clock, random, onWait }: DeliveryOptions,
): Promise<Outcome> {
  const problems = new Map<Change, string>();
  const counted = { retries: 0, calls: 0, bytes: 0 };
  const start = clock.now();
  let nextReport = start + reportAfter.first;
  const end = () => ({ problems, ...counted, ms: Math.round(clock.now() - start) });
  const call: Call = {
    remaining: time.soft,
    sleep: (ms) => clock.sleep(ms),
    abortAfter: (ms) => AbortSignal.timeout(ms),
    random,
    explain: (change, problem) => void problems.set(change, problem),
    retried: (reason) => {
      counted.retries++;
      const now = clock.now();
      if (now < nextReport) return;
      nextReport = now + reportAfter.next;
      onWait({ reason, seconds: Math.round((now - start) / 1000) });
    },
    sent: (bytes) => {
      counted.calls++;
      counted.bytes += bytes;
    },
  };
  try {
    const answer = await inTime(deliver(changes, call), time.hard(), clock);
    const given = new Set(changes);
    if (!answer.every((change) => given.has(change)))
      throw new Error("The destination answered with changes it was not given.");
    return { failed: new Set(answer), ...end() };
  } catch (error) {
    return { failed: new Set(changes), problem: errorLine(error), ...end() };
  }
}

async function inTime<T>(work: Promise<T>, ms: number, clock: Clock): Promise<T> {
  const done = new AbortController();
  const late = clock.sleep(ms, done.signal).then(() => {
    throw new Error("The destination did not end within the function's time.");
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    done.abort();
  }
}

/** One change that one destination does not have, and why. */
interface Failure {
  readonly destination: string;
  readonly change: Change;
  readonly reason: string;
}

/** All failures of a batch: destination by destination, each in the order of the changes. */
export function* failuresOf(
  changes: readonly Change[],
  outcomes: ReadonlyMap<string, Outcome>,
): Generator<Failure, void, undefined> {
  for (const [destination, { failed, problems, problem }] of outcomes) {
    for (const change of changes) {
      if (!failed.has(change)) continue;
      const reason = problem ?? problems.get(change) ?? "The destination gave no reason.";
      yield { destination, change, reason };
    }
  }
}
