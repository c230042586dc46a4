/** Time, as a delivery stream sees it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once, after so many milliseconds; calling what it returns cancels that. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** This machine's time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** When something that failed is tried again, in seconds of a stream's configuration. */
export interface Schedule {
  readonly every: number;
  /** Measured from the first attempt; 0 means that there is no second. */
  readonly during: number;
}

/** A delivery stream's retries: they wait for their time, or not at all while waits are skipped. */
export class Retries {
  readonly #clock: Clock;
  readonly #scale: number;
  readonly #waiting = new Set<() => void>();
  /** How many callers have waits skipped. */
  #skipping = 0;
  #stopped = false;

  /** @param scale how long a second of the configuration lasts, in seconds */
  constructor(clock: Clock, scale: number) {
    this.#clock = clock;
    this.#scale = scale;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Milliseconds that so many seconds of the configuration last. */
  milliseconds(seconds: number): number {
    return seconds * 1000 * this.#scale;
  }

  /** Does some work, and again while it fails and the schedule allows; says whether it succeeded in the end. */
  async run(
    schedule: Schedule,
    work: (attempt: number) => Promise<void>,
    onFailure: (error: Error) => void,
  ): Promise<boolean> {
    const attempts = Math.max(1, Math.ceil(schedule.during / schedule.every));
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      if (attempt > 1) await this.#wait(schedule.every);
      if (this.#stopped) break;
      try {
        await work(attempt);
        return true;
      } catch (error) {
        onFailure(error as Error);
      }
    }
    return false;
  }

  /** Ends all waits and lets no new one begin, until the function that it returns is called. */
  skipWaits(): () => void {
    this.#skipping += 1;
    this.#endWaits();
    return () => {
      this.#skipping -= 1;
    };
  }

  /** Ends all waits, and tries nothing again. */
  stop(): void {
    this.#stopped = true;
    this.#endWaits();
  }

  async #wait(seconds: number): Promise<void> {
    if (this.#skipping > 0 || this.#stopped) return;
    await new Promise<void>((resolve) => {
      const end = () => {
        cancel();
        this.#waiting.delete(end);
        resolve();
      };
      const cancel = this.#clock.after(this.milliseconds(seconds), end);
      this.#waiting.add(end);
    });
  }

  #endWaits(): void {
    for (const end of [...this.#waiting]) end();
  }
}
