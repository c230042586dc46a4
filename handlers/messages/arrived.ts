import type { MessageGroup } from "./groups.ts";
import type { Message } from "./message.ts";

/**
 * Takes out of a group the messages that have arrived before, as long as none before them is missing: after one that is sent
 * now, the later ones of its key must follow it again, or readers end with the older version.
 */
export function skipArrived({ messages }: MessageGroup, hasArrived: (message: Message) => boolean): void {
  const missing = messages.findIndex((one) => !hasArrived(one));
  messages.splice(0, missing < 0 ? messages.length : missing);
}

/**
 * The ids that were added or found last: at least the given number of them, and at most twice as many. Two sets, of which
 * the older is dropped as a whole, because a set that loses its oldest member each time gets slow.
 */
export class RecentIds {
  readonly #least: number;
  #newer = new Set<string>();
  #older = new Set<string>();

  constructor(least: number) {
    this.#least = least;
  }

  /** Adds an id, which is then the newest. */
  add(id: string): void {
    this.#newer.add(id);
    if (this.#newer.size < this.#least) return;
    this.#older = this.#newer;
    this.#newer = new Set();
  }

  /** Whether the id is there still; one that is asked for stays. */
  has(id: string): boolean {
    if (this.#newer.has(id)) return true;
    if (!this.#older.has(id)) return false;
    this.add(id);
    return true;
  }
}
