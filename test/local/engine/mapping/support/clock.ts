import type { Clock } from "../../../../../local/engine/waiting.ts";

/** A clock on which nothing takes time but sleeping, which takes none of ours. */
export class TestClock implements Clock {
  #now: number;
  /** How long each sleep was asked to last. */
  readonly sleeps: number[] = [];

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    await new Promise(setImmediate);
    if (signal.aborted) return;
    this.sleeps.push(milliseconds);
    this.#now += milliseconds;
  }
}
