import type { FailedRange } from "./failure-message.ts";

/** A part of a shard, and the ranges that it was merged from. */
export interface MergedRange<Part extends FailedRange> extends FailedRange {
  readonly parts: readonly Part[];
}

/**
 * The parts of shards that the given ranges cover, so that no record is read or sent twice however the ranges overlap. They
 * come in the order of their first sequence numbers: that is the order within a shard, and a shard's children hold later
 * ones for each key than the shard itself.
 */
export function mergeRanges<Part extends FailedRange>(ranges: readonly Part[]): MergedRange<Part>[] {
  const merged: (FailedRange & { last: string; parts: Part[] })[] = [];
  const latest = new Map<string, (typeof merged)[number]>();
  for (const part of ranges.toSorted((a, b) => compare(a.first, b.first) || compare(a.last, b.last))) {
    const { streamArn, shardId, first, last } = part;
    const shard = `${streamArn} ${shardId}`;
    const open = latest.get(shard);
    if (open === undefined || compare(first, open.last) > 0) {
      const begun = { streamArn, shardId, first, last, parts: [part] };
      latest.set(shard, begun);
      merged.push(begun);
    } else {
      open.parts.push(part);
      if (compare(last, open.last) > 0) open.last = last;
    }
  }
  return merged;
}

/** Whether a sequence number lies in the range, its ends included. */
export function covers({ first, last }: Pick<FailedRange, "first" | "last">, sequenceNumber: string): boolean {
  return compare(first, sequenceNumber) <= 0 && compare(sequenceNumber, last) <= 0;
}

/** Compares sequence numbers as the numbers that they are: as text, 9 would come after 10. */
export function compare(one: string, other: string): number {
  const [a, b] = [BigInt(one), BigInt(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}
