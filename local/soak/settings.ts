import type { FaultRule } from "../engine/gateway/faults.ts";

/** How many items the soak writes to, again and again. */
export const keys = 500;

/** How many changes are written, delivered and verified before the next ones are: what is held in memory is one round's. */
export const roundSize = 10_000;

/** One change in so many has a string that a warehouse refuses. */
export const refusedEvery = 2_500;

/** Whatever only waits does so a hundred times as fast. */
export const timeScale = 0.01;

/** A destination of each kind, with large batches: a replica then writes a key once for many of its changes. */
export const config = {
  source: { hashKey: { name: "id", type: "S" } },
  maxReadersPerShard: 3,
  destinations: {
    warehouse: { kind: "redshift", bufferingInterval: 60, mapping: { batchSize: 1_000, maximumRetryAttempts: 3 } },
    events: { kind: "sqs", mapping: { batchSize: 1_000 } },
    copy: { kind: "replica", mapping: { batchSize: 10_000, maximumBatchingWindowInSeconds: 60 } },
  },
};

/** What goes wrong all the time, to the functions' calls, their invocations, the reads of the stream and the loads. */
export const faults: readonly FaultRule[] = [
  { fault: { latency: [0, 20] }, probability: 0.02 },
  { fault: { failEntries: 0.1 }, probability: 0.1 },
  { fault: { failEntries: 0.1 }, probability: 0.02, afterEffect: true },
  { fault: "throttle", probability: 0.02 },
  { fault: "unavailable", probability: 0.01 },
  { fault: "unavailable", probability: 0.01, afterEffect: true },
  { fault: "reset", probability: 0.01 },
  { fault: "reset", probability: 0.01, afterEffect: true },
  { fault: "timeout", probability: 0.01 },
  { fault: "crash", probability: 0.01, afterEffect: true },
  { service: "lambda", operation: "Invoke", fault: "throttle", probability: 0.03 },
  { caller: "mapping", operation: "GetRecords", fault: "unavailable", probability: 0.02 },
  { service: "redshift", operation: "Copy", fault: "unavailable", probability: 0.1 },
  { service: "redshift", operation: "Copy", fault: "unavailable", probability: 0.1, afterEffect: true },
  { service: "redshift", operation: "Copy", fault: "repeat", probability: 0.1 },
];
