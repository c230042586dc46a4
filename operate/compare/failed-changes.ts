import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { StreamChange } from "./stream.ts";

/** What failure messages excuse at a destination. */
export interface FailedChanges {
  /** Event ids of changes that need not have arrived. Each of them may have arrived all the same. */
  readonly events: ReadonlySet<string>;
  /** Hashes of the keys whose last change is among them: a copy may show an older state of these keys. */
  readonly behind: ReadonlySet<string>;
}

interface BatchInfo {
  readonly shardId: string;
  readonly startSequenceNumber: string;
  readonly endSequenceNumber: string;
}

/**
 * What is excused if some of a destination's changes have failed.
 * @param changes all that should arrive, those of each key in their order
 */
export function failedChanges(failed: readonly StreamChange[], changes: readonly StreamChange[]): FailedChanges {
  const events = new Set(failed.map(({ eventId }) => eventId));
  const last = new Map(changes.map(({ keyHash, eventId }) => [keyHash, eventId]));
  // After any change but the last, a later one has brought its key up to date.
  const behind = [...last].filter(([, eventId]) => events.has(eventId)).map(([keyHash]) => keyHash);
  return { events, behind: new Set(behind) };
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

/** The bodies of the messages in failure queues, by the queues' URLs. */
export type FailureMessages = ReadonlyMap<string, readonly string[]>;

/**
 * Looks into failure queues without taking anything off, into each of them once however often it is named: while one looks, the
 * messages are hidden from everybody else.
 */
export async function peekAll(sqs: SQSClient, queueUrls: Iterable<string>): Promise<FailureMessages> {
  const found = new Map<string, readonly string[]>();
  for (const queueUrl of new Set(queueUrls)) found.set(queueUrl, await peek(sqs, queueUrl));
  return found;
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
