import type { Clock } from "./clock.ts";

/** Something that happens again and again and that several tasks may await: each `fire` releases everyone who waits at that moment. */
export class Pulse {
  #waiting = Promise.withResolvers<void>();

  /** Releases everyone who waits now. */
  fire(): void {
    this.#waiting.resolve();
    this.#waiting = Promise.withResolvers<void>();
  }

  /** Resolves at the next `fire`. Take it before looking at the state that `fire` tells of, or a change may be missed. */
  next(): Promise<void> {
    return this.#waiting.promise;
  }

  /** Resolves at the next `fire`, or after so many milliseconds at the latest. */
  async nextWithin(milliseconds: number, clock: Clock): Promise<void> {
    const enough = new AbortController();
    await Promise.race([this.next(), clock.sleep(milliseconds, enough.signal)]);
    enough.abort();
  }
}
