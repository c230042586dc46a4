import type { Mapping, MappingOptions } from "./options.ts";
import { Poller } from "./poller.ts";

export type { Invocation } from "./deliver-batch.ts";
export type { FailureRecord } from "./failure-record.ts";
export { InvocationRefused } from "./invocation-refused.ts";
export type { MappingSettings } from "./settings.ts";
export type { MappingStats } from "./stats.ts";
export type { Mapping, MappingOptions };

/** Starts what Lambda calls an event source mapping: reads a DynamoDB stream and invokes a function with its records. */
export function startMapping(options: MappingOptions): Mapping {
  const poller = new Poller(options);
  poller.start();
  return poller;
}
