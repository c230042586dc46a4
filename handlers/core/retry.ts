import { setTimeout as sleep } from "node:timers/promises";
import type { Call } from "./deliver.ts";
import { isTransient } from "./errors.ts";

const firstDelay = 50;
const longestDelay = 5_000;
/** An attempt that has less time than this is not worth its call. */
const shortestAttempt = 100;

/**
 * Milliseconds to wait before the given attempt (1 for the first retry): anything from 0 to a bound that doubles each
 * time. Full jitter spreads the retries of many functions evenly, where a fixed delay lets them collide again.
 */
export function backOff(attempt: number, random: () => number = Math.random): number {
  return random() * Math.min(longestDelay, firstDelay * 2 ** (attempt - 1));
}

/** Waits before the given attempt and counts it; answers false, at once, when the time left does not allow for it. */
export async function pause(attempt: number, call: Call): Promise<boolean> {
  const wait = backOff(attempt);
  if (wait + shortestAttempt > call.remaining()) return false;
  await sleep(wait);
  call.retried();
  return true;
}

/** Aborts when the call's time is over: every request to a destination carries it. Throws when it is over already. */
export function timeLimit(call: Call): AbortSignal {
  const ms = call.remaining();
  if (ms <= 0) throw Object.assign(new Error("No time is left for the call."), { name: "TimeoutError" });
  return AbortSignal.timeout(Math.ceil(ms));
}

/** Sends until it succeeds; rejects with an error that no retry can mend, or with the last one when the time is over. */
export async function persistently<T>(call: Call, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send(timeLimit(call));
    } catch (error) {
      if (!isTransient(error) || !(await pause(attempt, call))) throw error;
    }
  }
}
