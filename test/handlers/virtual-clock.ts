import type { Clock } from "../../local/engine/waiting.ts";

/** A clock for a whole simulation: time passes only while everybody sleeps, and then takes none of ours. */
export class VirtualClock implements Clock {
  #now: number;
  readonly #sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  #turning = false;

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((wake) => {
      if (signal?.aborted) return wake();
      const sleeper = { at: this.#now + ms, wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", () => {
        this.#sleepers.delete(sleeper);
        wake();
      });
      if (!this.#turning) this.#turn();
    });
  }

  /** Lets everybody who is awake do what they can, then goes on to when the next one wakes. */
  #turn(): void {
    this.#turning = true;
    setImmediate(() => {
      this.#turning = false;
      const [first] = [...this.#sleepers].sort((a, b) => a.at - b.at);
      if (first === undefined) return;
      this.#sleepers.delete(first);
      this.#now = Math.max(this.#now, first.at);
      first.wake();
      if (this.#sleepers.size > 0) this.#turn();
    });
  }
}
