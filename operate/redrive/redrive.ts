import type { Progress } from "../../terminal/progress.ts";
import { UserError } from "../../terminal/user-error.ts";
import { selectConsumers, type TargetStack } from "../stack/outputs.ts";
import { redriveConsumer } from "./redrive-consumer.ts";
import type { ConsumerResult, Result } from "./result.ts";

export interface RedriveOptions {
  /** Only this destination, and those that share its consumer. @default all */
  readonly destination?: string;
  /** Read everything, send nothing, delete nothing. @default false */
  readonly dryRun?: boolean;
  /** Ids of messages to delete without bringing them back. @default none */
  readonly discard?: readonly string[];
  /** Ends it early; messages that are not done are seen again. */
  readonly signal?: AbortSignal;
}

/** Brings back what lies in a stack's failure queues, one consumer after the other. */
export async function redrive(target: TargetStack, options: RedriveOptions, progress: Progress): Promise<Result> {
  const { destination, dryRun = false, discard = [], signal = new AbortController().signal } = options;
  const consumers: ConsumerResult[] = [];
  for (const consumer of selectConsumers(target.consumers, destination)) {
    signal.throwIfAborted();
    const label = `${dryRun ? "Reading the failures of" : "Redriving"} ${consumer.destinations.join(" and ")}`;
    const result = await progress.step(label, (update) =>
      redriveConsumer(consumer, target, { dryRun, discard, signal, progress: update }),
    );
    consumers.push(result);
  }
  const discarded = consumers.reduce((sum, one) => sum + one.discarded, 0);
  if (discarded < discard.length) {
    const queues = consumers.length === 1 ? "the failure queue" : "the failure queues";
    throw new UserError(`--discard: ${discarded} of ${discard.length} messages are in ${queues}; the rest was done.`);
  }
  return { target: target.title, dryRun, consumers };
}
