import type { KeyAttribute } from "../../operate/compare/items.ts";
import type { Write } from "../demo/workload.ts";
import type { Random } from "../engine/seeded-random.ts";

/** The key of the table that the soak writes to. */
export const key = { name: "id", type: "S" } as const satisfies KeyAttribute;

/** How many items the soak writes to, again and again. */
const items = 500;

/** So many of an item's writes delete it, once it exists. */
const deletions = 0.1;

/** One change in so many has a string that a warehouse refuses: it is longer than a SUPER may have. */
const refusedEvery = 2_500;
const refusedString = "x".repeat(65_536);

/** Makes the writes of one round after the other. Each of them is a change: what is deleted is there. */
export class Writes {
  readonly #random: Random;
  readonly #present = new Set<number>();
  #written = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** So many writes, in waves that write each item once. */
  next(size: number): Write[][] {
    return Array.from({ length: Math.ceil(size / items) }, (_, wave) =>
      Array.from({ length: Math.min(items, size - wave * items) }, (_, item) => this.#write(item)),
    );
  }

  #write(item: number): Write {
    const id = { [key.name]: { S: `key-${item}` } };
    this.#written += 1;
    if (this.#present.has(item) && this.#random() < deletions) {
      this.#present.delete(item);
      return { remove: id };
    }
    this.#present.add(item);
    const refused = this.#written % refusedEvery === 0 ? { refused: { S: refusedString } } : {};
    const text = { S: "x".repeat(20 + Math.floor(this.#random() * 100)) };
    const numbers = { write: { N: String(this.#written) }, share: { N: String(this.#random()) } };
    return { put: { ...id, ...numbers, text, ...refused } };
  }
}
