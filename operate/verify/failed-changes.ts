import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { StreamChange } from "./stream-changes.ts";

/** What lies in a failure queue. */
export interface FailedChanges {
  readonly messages: number;
  /** The changes that the messages cover. Each of them may have arrived all the same. */
  readonly events: ReadonlySet<string>;
  /** The hashes of their keys. */
  readonly keys: ReadonlySet<string>;
}

interface BatchInfo {
  readonly shardId: string;
  readonly startSequenceNumber: string;
  readonly endSequenceNumber: string;
}

/**
 * Looks into failure queues without taking anything off, into each of them once however often it is named: while one looks, the
 * messages are hidden from everybody else.
 * @param changes those of the stream that the messages point to
 * @returns what lies in each, by its URL
 */
export async function failedChanges(
  queueUrls: Iterable<string>,
  sqs: SQSClient,
  changes: readonly StreamChange[],
): Promise<ReadonlyMap<string, FailedChanges>> {
  const found = new Map<string, FailedChanges>();
  for (const queueUrl of new Set(queueUrls)) {
    const bodies = await peek(sqs, queueUrl);
    const covered = changes.filter(coverageOf(bodies));
    found.set(queueUrl, {
      messages: bodies.length,
      events: new Set(covered.map(({ eventId }) => eventId)),
      keys: new Set(covered.map(({ keyHash }) => keyHash)),
    });
  }
  return found;
}

/** Says whether one of the failure messages covers a change. */
export function coverageOf(bodies: readonly string[]): (change: StreamChange) => boolean {
  const covers = bodies.map((body) => coverage(JSON.parse(body).DDBStreamBatchInfo));
  return (change) => covers.some((isCovered) => isCovered(change));
}

function coverage(info: BatchInfo): (change: StreamChange) => boolean {
  const [first, last] = [BigInt(info.startSequenceNumber), BigInt(info.endSequenceNumber)];
  return ({ shardId, version }) => shardId === info.shardId && first <= BigInt(version) && BigInt(version) <= last;
}

/** The bodies of all messages; each becomes visible again at once when all have been seen, or when that fails. */
async function peek(sqs: SQSClient, queueUrl: string): Promise<string[]> {
  const bodies = new Map<string, string>();
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["ApproximateNumberOfMessages"] }),
  );
  const expected = Number(Attributes?.ApproximateNumberOfMessages);
  const handles: string[] = [];
  try {
    while (bodies.size < expected) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 60 }),
      );
      if (Messages.length === 0)
        throw new Error(`${queueUrl} says that it has ${expected} messages, but gave ${bodies.size}`);
      for (const { MessageId, Body, ReceiptHandle } of Messages) {
        bodies.set(MessageId!, Body!);
        handles.push(ReceiptHandle!);
      }
    }
  } finally {
    for (const ReceiptHandle of handles) {
      await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    }
  }
  return [...bodies.values()];
}
