import { setTimeout } from "node:timers/promises";

/** Time, as the engine's parts see it, so that a run can be given another one. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after so many milliseconds, or as soon as the signal aborts; never rejects for that. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(milliseconds, signal) {
    try {
      await setTimeout(milliseconds, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
};

/** Lets several tasks wait for something that happens again and again. */
export class Notifier {
  #waiting = Promise.withResolvers<void>();

  /** Wakes every task that waits now. */
  notify(): void {
    this.#waiting.resolve();
    this.#waiting = Promise.withResolvers<void>();
  }

  /** Resolves at the next `notify`. Take it before looking at the state that `notify` reports, or a change may be missed. */
  next(): Promise<void> {
    return this.#waiting.promise;
  }

  /** Resolves at the next `notify`, or after so many milliseconds at the latest. */
  async nextWithin(milliseconds: number, clock: Clock): Promise<void> {
    const enough = new AbortController();
    await Promise.race([this.next(), clock.sleep(milliseconds, enough.signal)]);
    enough.abort();
  }
}
