import type { Call } from "./contract.ts";
import { errorLine, isRefusal, type RefusalCodes } from "./errors.ts";

/**
 * What every AWS client of a destination is made with.
 *
 * - One attempt: a destination repeats what failed itself, since only it knows which entries of a bulk request those
 *   are and how much time is left. Two layers of retries would multiply each other and hide their number from the log.
 * - Connections stay open between invocations, and there are as many as the destination makes requests at a time, so
 *   that no request ever waits for a socket with its time running.
 * - A connection that does not open within 2 s, or an answer that does not come within 10 s, is given up and the
 *   request made anew: the clients' own defaults wait for ever, and a whole invocation would be lost to one dead connection.
 *
 * @param concurrency requests that the destination makes at a time
 */
export function sdkOptions(concurrency: number) {
  const agent = { keepAlive: true, maxSockets: concurrency };
  return {
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: 2_000,
      requestTimeout: 10_000,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
  };
}

/** Runs `work`, which must not reject, over all items, at most `limit` at a time, in the items' order. */
export async function concurrently<T>(
  items: Iterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const shared = items[Symbol.iterator]();
  const worker = async () => {
    for (let next = shared.next(); !next.done; next = shared.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: limit }, worker));
}

/**
 * The two halves of what was refused together: an error of a whole call says nothing about its parts, so each half is
 * tried by itself, until something is refused alone. None of a single one.
 */
export function halves<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [];
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
}

const firstDelay = 50;
/** In a long outage the service is asked every 12 seconds on average, and its end is noticed within 25. */
const longestDelay = 25_000;
/** An attempt that has less time than this is not worth its request. */
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
  return call.abortAfter(Math.ceil(ms));
}

/**
 * Sends until it succeeds; rejects with what the destination refuses, or with the last error when the time is over.
 *
 * @param refusals the codes with which the destination's service refuses
 */
export async function persistently<T>(
  call: Call,
  refusals: RefusalCodes,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send(timeLimit(call));
    } catch (error) {
      if (isRefusal(error, refusals) || !(await pause(attempt, call, errorLine(error)))) throw error;
    }
  }
}
