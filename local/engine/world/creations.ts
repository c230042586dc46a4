import { Notifier, systemClock } from "../waiting.ts";

/** How long nothing must have been created until nothing more is to be expected, in milliseconds. */
const quiet = 200;

/**
 * Tracks which resources are being created. Pulumi creates what does not depend on each other at the same time, and the
 * provider asks AWS again for some minutes while a role's rights may still be on their way; so a creation that lacks a right here
 * waits for as long as something is created that may give it.
 */
export class CreationTracker {
  readonly #done = new Notifier();
  #active = 0;
  #waiting = 0;

  /** Creates something. */
  async track<T>(create: () => T | Promise<T>): Promise<T> {
    this.#active += 1;
    try {
      return await create();
    } finally {
      this.#active -= 1;
      this.#done.notify();
    }
  }

  /** Waits, while something is created, until something holds; whether it does in the end. */
  async waitUntil(holds: () => boolean): Promise<boolean> {
    this.#waiting += 1;
    try {
      for (;;) {
        const change = this.#done.next();
        if (holds()) return true;
        if (this.#active > this.#waiting) await change;
        else if (!(await this.#somethingComes(change))) return holds();
      }
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Whether anything is created, or begins to be, within the quiet time. */
  async #somethingComes(change: Promise<void>): Promise<boolean> {
    let came = false;
    void change.then(() => (came = true));
    await this.#done.nextWithin(quiet, systemClock);
    return came || this.#active > this.#waiting;
  }
}
