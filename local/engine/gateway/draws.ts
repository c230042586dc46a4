import { type Random, seededRandom } from "../seeded-random.ts";

/**
 * Random numbers for calls that come from several callers at once: those for the n-th call of a kind depend on the seed,
 * the kind and n alone, not on what else was called meanwhile.
 */
export class Draws {
  readonly #seed: number;
  readonly #calls = new Map<string, number>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Counts another call of the kind. */
  next(kind: string): { readonly call: number; readonly random: Random } {
    const call = (this.#calls.get(kind) ?? 0) + 1;
    this.#calls.set(kind, call);
    return { call, random: seededRandom(hash(`${this.#seed}\n${kind}\n${call}`)) };
  }
}

/** FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (const byte of Buffer.from(text)) sum = Math.imul(sum ^ byte, 0x01000193);
  return sum >>> 0;
}
