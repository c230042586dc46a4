import type { FaultRule } from "../engine/gateway/fault-rule.ts";
import { kinds } from "../kinds.ts";
import { key } from "./writes.ts";

/** How many changes are written, delivered and verified before the next ones are: what is held in memory is one round's. */
export const roundSize = 10_000;

/** Everything that only waits does so a hundred times as fast. */
export const timeScale = 0.01;

const soaked = Object.entries(kinds).map(([kind, { soak }]) => ({ kind, ...soak }));

/** A destination of each kind, which has the kind's name. */
export const config = {
  "aws:region": "us-east-1",
  "fanout:source": { hashKey: key },
  "fanout:maxReadersPerShard": soaked.length,
  "fanout:destinations": Object.fromEntries(soaked.map(({ kind, settings }) => [kind, { kind, ...settings }])),
};

/** What goes wrong all the time, to the functions' calls, their invocations and the reads of the stream, and at single kinds. */
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
  ...soaked.flatMap(({ faults = [] }) => faults),
];
