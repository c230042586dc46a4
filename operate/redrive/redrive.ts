import type { Progress } from "../../terminal/progress.ts";
import { selectConsumers, type TargetStack } from "../stack/outputs.ts";
import { discardMessages } from "./discard.ts";
import { redriveConsumer } from "./redrive-consumer.ts";
import type { ConsumerResult, Result } from "./result.ts";

export interface RedriveOptions {
  /** Only this destination, and those that share its consumer. @default all */
  readonly destination?: string;
  /** Read everything, send nothing, delete nothing. @default false */
  readonly dryRun?: boolean;
  /** Ids of messages to delete without bringing them back; then nothing else is done. @default none: all are redriven */
  readonly discard?: readonly string[];
  /** Ends it early; messages that are not done are seen again. */
  readonly signal?: AbortSignal;
}

/** Brings back what lies in a stack's failure queues, one consumer after the other; or discards some messages, and leaves the rest alone. */
export async function redrive(target: TargetStack, options: RedriveOptions, progress: Progress): Promise<Result> {
  const { destination, dryRun = false, discard = [], signal = new AbortController().signal } = options;
  const consumers: ConsumerResult[] = [];
  const discarded: string[] = [];
  for (const consumer of selectConsumers(target.consumers, destination)) {
    signal.throwIfAborted();
    const names = consumer.destinations.join(" and ");
    if (discard.length > 0) {
      const { result, found } = await progress.step(`Looking through the failures of ${names}`, () =>
        discardMessages(consumer, target, { dryRun, discard, signal }),
      );
      consumers.push(result);
      discarded.push(...found);
    } else {
      const label = `${dryRun ? "Reading the failures of" : "Redriving"} ${names}`;
      const work = (update: (detail: string) => void) =>
        redriveConsumer(consumer, target, { dryRun, signal, progress: update });
      consumers.push(await progress.step(label, work));
    }
  }
  const result = { target: target.title, dryRun, consumers };
  if (discard.length === 0) return result;
  return { ...result, discard: { notFound: discard.filter((id) => !discarded.includes(id)) } };
}
