/** What one invocation carries at most: 6 MB are Lambda's limit, of which some is left, and a number that 30 seconds suffice for. */
export const limits = { bytes: 5 * 1024 * 1024, count: 500 };

/** Things with a size that are sent together. */
export class Chunk<T extends { readonly bytes: number }> {
  #items: T[] = [];
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  /** Whether another one still fits; one that is larger than the limit fits alone. */
  hasRoomFor({ bytes }: T): boolean {
    return this.isEmpty || (this.#items.length < limits.count && this.#bytes + bytes <= limits.bytes);
  }

  add(item: T): void {
    this.#items.push(item);
    this.#bytes += item.bytes + 1; // the comma
  }

  /** Empties it. */
  take(): readonly T[] {
    const items = this.#items;
    this.#items = [];
    this.#bytes = 0;
    return items;
  }
}
