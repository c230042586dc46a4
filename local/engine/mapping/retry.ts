import type { Clock } from "../waiting.ts";

const first = 250;
const longest = 60_000;
const jitter = 0.25;

/**
 * How long to wait, in milliseconds, before the same records are tried again: 0.25 s, doubling, up to a minute, plus up to a
 * quarter at random. Lambda waits too but does not document how long; this curve gives what was recorded on AWS: a
 * record that always fails is invoked 8 times in the 60 seconds before it expires.
 * @param failures invocations in a row that did not succeed, from 1
 * @param random 0 to 1
 */
export function backoff(failures: number, random: number = Math.random()): number {
  return Math.min(first * 2 ** (failures - 1), longest) * (1 + jitter * random);
}

export interface RetryOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Milliseconds to wait after so many failures in a row. */
  backoff(failures: number): number;
  /** Called with each error after which the call is made again. */
  onFailure(error: unknown): void;
}

/**
 * Makes a call until it succeeds. Resolves with undefined if the signal aborts first.
 * @throws the error of a call that would only fail again
 */
export async function retry<T>(call: () => Promise<T>, options: RetryOptions): Promise<T | undefined> {
  const { clock, signal } = options;
  for (let failures = 1; !signal.aborted; failures += 1) {
    try {
      return await call();
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!isTransient(error)) throw error;
      options.onFailure(error);
      await clock.sleep(options.backoff(failures), signal);
    }
  }
  return undefined;
}

const transientErrors = new Set([
  "ExpiredIteratorException",
  "InternalServerError",
  "LimitExceededException",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingException",
  "TimeoutError",
  "TrimmedDataAccessException",
]);

/** Whether a call that failed this way may succeed when it is made again: throttles, service errors and broken connections. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (transientErrors.has(error.name)) return true;
  const { $metadata, code } = error as { $metadata?: { httpStatusCode?: number }; code?: unknown };
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return status >= 500 || status === 429;
  return typeof code === "string" && /^E[A-Z]+$/.test(code); // of the socket, such as ECONNRESET; Node's own are ERR_...
}
