import type { Clock } from "./clock.ts";

/** When something that failed is tried again, in seconds of a stream's configuration. */
export interface Schedule {
  readonly every: number;
  /** Measured from the first attempt; 0 means that there is no second. */
  readonly during: number;
}

/** Tries things again, in its own time or, for somebody who waits, without delay. */
export class Patience {
  readonly #clock: Clock;
  readonly #scale: number;
  readonly #sleeping = new Set<() => void>();
  #hurried = 0;
  #stopped = false;

  /** @param scale how long a second lasts, in seconds */
  constructor(clock: Clock, scale: number) {
    this.#clock = clock;
    this.#scale = scale;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Milliseconds that so many seconds last. */
  milliseconds(seconds: number): number {
    return seconds * 1000 * this.#scale;
  }

  /** Does something, and again while it fails and the schedule allows; whether it succeeded in the end. */
  async retry(
    schedule: Schedule,
    work: (attempt: number) => Promise<void>,
    failed: (error: Error) => void,
  ): Promise<boolean> {
    const attempts = Math.max(1, Math.ceil(schedule.during / schedule.every));
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      if (attempt > 1) await this.#sleep(schedule.every);
      if (this.#stopped) break;
      try {
        await work(attempt);
        return true;
      } catch (error) {
        failed(error as Error);
      }
    }
    return false;
  }

  /** Ends all waits, and lets nothing wait until that which is returned is called. */
  hurry(): () => void {
    this.#hurried += 1;
    this.#wake();
    return () => {
      this.#hurried -= 1;
    };
  }

  /** Ends all waits, and tries nothing again. */
  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  async #sleep(seconds: number): Promise<void> {
    if (this.#hurried > 0 || this.#stopped) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        cancel();
        this.#sleeping.delete(wake);
        resolve();
      };
      const cancel = this.#clock.after(this.milliseconds(seconds), wake);
      this.#sleeping.add(wake);
    });
  }

  #wake(): void {
    for (const wake of [...this.#sleeping]) wake();
  }
}
