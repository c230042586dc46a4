import type { Write } from "../demo/workload.ts";
import type { Random } from "../engine/seeded-random.ts";
import { keys, refusedEvery } from "./settings.ts";

/** So many of a key's writes delete it, once it exists. */
const deletions = 0.1;

/** Makes the writes of one round after the other. Each of them is a change: what is deleted is there. */
export class Rounds {
  readonly #random: Random;
  readonly #present = new Set<number>();
  #written = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** So many writes, in waves that write each key once. */
  next(size: number): Write[][] {
    return Array.from({ length: Math.ceil(size / keys) }, (_, wave) =>
      Array.from({ length: Math.min(keys, size - wave * keys) }, (_, key) => this.#write(key)),
    );
  }

  #write(key: number): Write {
    const id = { S: `key-${key}` };
    this.#written += 1;
    if (this.#present.has(key) && this.#random() < deletions) {
      this.#present.delete(key);
      return { remove: { id } };
    }
    this.#present.add(key);
    const refused = this.#written % refusedEvery === 0 ? { refused: { S: "\0" } } : {};
    const text = { S: "x".repeat(20 + Math.floor(this.#random() * 100)) };
    return { put: { id, write: { N: String(this.#written) }, share: { N: String(this.#random()) }, text, ...refused } };
  }
}
