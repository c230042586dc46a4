/** Lets calls pass, and can close for a moment: then it waits until those inside have left, and lets nobody in. */
export class Turnstile {
  #inside = 0;
  #closed: Promise<void> | undefined;
  #empty: (() => void) | undefined;

  /** Does the work as one of many. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    while (this.#closed !== undefined) await this.#closed;
    this.#inside += 1;
    try {
      return await work();
    } finally {
      this.#inside -= 1;
      if (this.#inside === 0) this.#empty?.();
    }
  }

  /** Does the work while nobody else is inside. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    while (this.#closed !== undefined) await this.#closed;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#closed = promise;
    try {
      if (this.#inside > 0) await new Promise<void>((empty) => (this.#empty = empty));
      return await work();
    } finally {
      this.#empty = undefined;
      this.#closed = undefined;
      resolve();
    }
  }
}
