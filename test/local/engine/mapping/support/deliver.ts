import type { QueuedRecord } from "../../../../../local/engine/mapping/decode.ts";
import { type Delivery, deliverBatch } from "../../../../../local/engine/mapping/deliver.ts";
import type { GivenUp } from "../../../../../local/engine/mapping/give-up.ts";
import { backoff } from "../../../../../local/engine/mapping/retry.ts";
import { mappingSettings } from "../../../../../local/engine/mapping/settings.ts";
import { newStats } from "../../../../../local/engine/mapping/stats.ts";
import { TestClock } from "./clock.ts";
import { FunctionFailure, type RecordingFunction, recordingFunction } from "./function.ts";

/** When `deliver` begins. */
export const start = 1_700_000_000_000;

export interface Delivered {
  readonly givenUp: GivenUp[];
  /** The ids of the records, in the order in which they were settled. */
  readonly settled: string[];
  readonly stats: ReturnType<typeof newStats>;
  readonly clock: TestClock;
}

/** Delivers a batch to a function, without jitter in the pauses. */
export async function deliver(
  batch: readonly QueuedRecord[],
  inputs: Record<string, unknown>,
  consumer: Pick<RecordingFunction, "invoke">,
  more: Partial<Delivery> = {},
): Promise<Delivered> {
  const result: Delivered = { givenUp: [], settled: [], stats: newStats(), clock: new TestClock(start) };
  await deliverBatch(batch, {
    settings: mappingSettings({ startingPosition: "TRIM_HORIZON", ...inputs }),
    clock: result.clock,
    signal: new AbortController().signal,
    stats: result.stats,
    invoke: consumer.invoke,
    answered: () => {},
    giveUp: async (givenUp) => void result.givenUp.push(givenUp),
    settled: (records) => result.settled.push(...records.map(({ record }) => record.dynamodb!.Keys!.id!.S!)),
    backoff: (failures) => backoff(failures, 0),
    ...more,
  });
  return result;
}

/** A function that fails whenever one of these records is among those that it gets. */
export function poisoned(...poison: string[]): RecordingFunction {
  return recordingFunction((ids) => {
    if (ids.some((id) => poison.includes(id))) throw new FunctionFailure("poison");
  });
}
