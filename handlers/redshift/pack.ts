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
 * Packs things, none larger than a bin, into few bins: the largest first, each into the first bin with room for it. That
 * needs at most 11/9 of the fewest possible, and one more; as nearly all rows are far smaller than a record, in practice
 * every bin but the last is full.
 */
export function pack<T extends Sized>(items: readonly T[], limits: Limits): Bin<T>[] {
  const bins: { items: T[]; bytes: number }[] = [];
  let firstOpen = 0;
  const smallest = items.reduce((least, { bytes }) => Math.min(least, bytes), Number.POSITIVE_INFINITY);
  const isFull = (bin: Bin<T>) => bin.items.length === limits.count || bin.bytes + smallest > limits.bytes;
  for (const item of items.toSorted((one, other) => other.bytes - one.bytes)) {
    if (item.bytes > limits.bytes) throw new Error(`${item.bytes} bytes do not fit into a bin of ${limits.bytes}.`);
    let at = firstOpen;
    while (at < bins.length && !fits(bins[at]!, item, limits)) at++;
    if (at === bins.length) bins.push({ items: [], bytes: 0 });
    const bin = bins[at]!;
    bin.items.push(item);
    bin.bytes += item.bytes;
    while (firstOpen < bins.length && isFull(bins[firstOpen]!)) firstOpen++;
  }
  return bins;
}

function fits<T>(bin: Bin<T>, item: Sized, limits: Limits): boolean {
  return bin.bytes + item.bytes <= limits.bytes && bin.items.length < limits.count;
}
