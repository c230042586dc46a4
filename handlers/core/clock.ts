import { setTimeout as sleep } from "node:timers/promises";

/** Where a consumer's time comes from. */
export interface Clock {
  /** Milliseconds since some moment. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** The machine's. */
export const clock: Clock = { now: () => performance.now(), sleep: (ms) => sleep(ms) };
