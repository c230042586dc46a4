import type { Clock } from "./clock.ts";
import { isTransient } from "./transient.ts";

export interface Persistence {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Milliseconds to wait after so many failures in a row. */
  backoff(failures: number): number;
  /** Told of each failure that is met with another attempt. */
  failed(error: unknown): void;
}

/**
 * Makes a call until it succeeds. Resolves with undefined if the signal aborts first.
 * @throws the error of a call that would only fail again
 */
export async function persist<T>(call: () => Promise<T>, persistence: Persistence): Promise<T | undefined> {
  const { clock, signal } = persistence;
  for (let failures = 1; !signal.aborted; failures += 1) {
    try {
      return await call();
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!isTransient(error)) throw error;
      persistence.failed(error);
      await clock.sleep(persistence.backoff(failures), signal);
    }
  }
  return undefined;
}
