import type { Consumer, TargetStack } from "../stack/outputs.ts";
import { FailureQueue } from "./failure-queue.ts";
import type { ConsumerResult } from "./result.ts";

export interface DiscardOptions {
  /** Ids of the messages to delete; those that are not in this queue may be in another. */
  readonly discard: readonly string[];
  /** Whether to look only. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

/** What was found in one failure queue. */
interface Discarded {
  readonly result: ConsumerResult;
  /** The ids of the messages that were there. */
  readonly found: readonly string[];
}

/** Deletes messages of one consumer's failure queue without bringing them back, and leaves all others as they are. */
export async function discardMessages(
  { queueUrl, destinations, function: functionName }: Consumer,
  { clients, wait }: TargetStack,
  { discard, dryRun, signal }: DiscardOptions,
): Promise<Discarded> {
  const queue = await FailureQueue.receiveAll(clients.sqs, queueUrl, wait, signal);
  try {
    const messages = queue.messages.length;
    const found = queue.messages.map(({ id }) => id).filter((id) => discard.includes(id));
    if (!dryRun) await queue.delete(found);
    const result = {
      ...{ destinations, function: functionName, failureQueue: queueUrl, messages },
      ...{ redriven: 0, filteredOut: 0, stillFailing: [], trimmed: [], notUnderstood: [] },
      ...{ discarded: found.length, left: queue.messages.length },
    };
    return { result, found };
  } finally {
    await queue.release();
  }
}
