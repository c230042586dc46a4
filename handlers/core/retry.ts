import type { Call } from "./deliver.ts";
import { describe, isRefusal } from "./errors.ts";

const firstDelay = 50;
/** An outage is asked after every 12 seconds on average, and noticed to be over within 25. */
const longestDelay = 25_000;
/** An attempt that has less time than this is not worth its call. */
const shortestAttempt = 100;

/**
 * Milliseconds to wait before the given attempt (1 for the first retry): anything from 0 to a bound that doubles each
 * time. Full jitter spreads the retries of many functions evenly, where a fixed delay lets them collide again.
 */
export function backOff(attempt: number, random: () => number): number {
  return random() * Math.min(longestDelay, firstDelay * 2 ** (attempt - 1));
}

/**
 * Waits before the given attempt and counts it; the last one is made just before the time is over. Answers false, at once,
 * when there is no time for another.
 *
 * @param reason why it is needed
 */
export async function pause(attempt: number, call: Call, reason: string): Promise<boolean> {
  const most = call.remaining() - shortestAttempt;
  if (most <= 0) return false;
  await call.sleep(Math.min(backOff(attempt, call.random), most));
  call.retried(reason);
  return true;
}

/** Aborts when the call's time is over: every request to a destination carries it. Throws when it is over already. */
export function timeLimit(call: Call): AbortSignal {
  const ms = call.remaining();
  if (ms <= 0) throw Object.assign(new Error("No time is left for the call."), { name: "TimeoutError" });
  return AbortSignal.timeout(Math.ceil(ms));
}

/** Sends until it succeeds; rejects with what the destination refuses, or with the last error when the time is over. */
export async function persistently<T>(call: Call, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send(timeLimit(call));
    } catch (error) {
      if (isRefusal(error) || !(await pause(attempt, call, describe(error)))) throw error;
    }
  }
}
