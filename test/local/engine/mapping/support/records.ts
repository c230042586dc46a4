import type { QueuedRecord } from "../../../../../local/engine/mapping/decode.ts";

/** Records 1, 2, 3, ... of a shard, with keys of the same name, made at the given times (milliseconds; the last one holds for the rest). */
export function queued(count: number, ...createdAt: number[]): QueuedRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const sequenceNumber = String(index + 1).padStart(21, "0");
    const at = createdAt[Math.min(index, createdAt.length - 1)] ?? 0;
    return {
      record: {
        eventName: "INSERT",
        dynamodb: { Keys: { id: { S: String(index + 1) } }, SequenceNumber: sequenceNumber },
      },
      sequenceNumber,
      createdAt: at,
      agesFrom: at,
      readAt: 0,
      bytes: 100,
      entry: { sequenceNumber, bytes: 100, settled: false },
    };
  });
}
