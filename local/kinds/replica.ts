import type { LocalKind } from "../kind.ts";

/** A table in DynamoDB Local. */
export const replica: LocalKind = {
  // Batches so large that a key is written once for many of its changes.
  soak: { settings: { mapping: { batchSize: 10_000, maximumBatchingWindowInSeconds: 60 } } },
};
