/** Something with a size, in bytes. */
export interface Sized {
  readonly bytes: number;
}

/** What one bin may hold. */
export interface Limits {
  readonly bytes: number;
  readonly count: number;
}

/** Several things that travel together. */
export interface Bin<T> extends Sized {
  readonly items: readonly T[];
}

/**
 * Packs things, none larger than a bin, in their order: each into the last bin, or into a new one if that has no room for it.
 * So what travels together, and fails together, are neighbours. As any two bins in a row exceed a bin, there are fewer than
 * twice as many as there have to be (where the number in a bin is not what limits it); as nearly all rows are far smaller
 * than a record, in practice every bin but the last is nearly full.
 */
export function pack<T extends Sized>(items: readonly T[], limits: Limits): Bin<T>[] {
  const bins: { items: T[]; bytes: number }[] = [];
  for (const item of items) {
    if (item.bytes > limits.bytes) throw new Error(`${item.bytes} bytes do not fit into a bin of ${limits.bytes}.`);
    const last = bins.at(-1);
    if (last !== undefined && last.bytes + item.bytes <= limits.bytes && last.items.length < limits.count) {
      last.items.push(item);
      last.bytes += item.bytes;
    } else {
      bins.push({ items: [item], bytes: item.bytes });
    }
  }
  return bins;
}
