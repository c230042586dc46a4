import {
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";
import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { keyHash } from "../../handlers/core/key-hash.ts";

/** What lies in a failure queue. */
export interface FailedChanges {
  readonly messages: number;
  /** The hashes of the keys whose changes the messages cover. */
  readonly keys: ReadonlySet<string>;
}

interface BatchInfo {
  readonly streamArn: string;
  readonly shardId: string;
  readonly startSequenceNumber: string;
  readonly endSequenceNumber: string;
}

/** Looks into a failure queue without taking anything off, and reads the records that it points to back from the stream. */
export async function failedChanges(
  queueUrl: string,
  { sqs, streams }: { readonly sqs: SQSClient; readonly streams: DynamoDBStreamsClient },
): Promise<FailedChanges> {
  const bodies = await peek(sqs, queueUrl);
  const keys = new Set<string>();
  for (const body of bodies) {
    for (const key of await keysOf(JSON.parse(body).DDBStreamBatchInfo, streams)) keys.add(key);
  }
  return { messages: bodies.length, keys };
}

/** The bodies of all messages; each becomes visible again at once when all have been seen. */
async function peek(sqs: SQSClient, queueUrl: string): Promise<string[]> {
  const bodies = new Map<string, string>();
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["ApproximateNumberOfMessages"] }),
  );
  const expected = Number(Attributes?.ApproximateNumberOfMessages);
  const handles: string[] = [];
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
  for (const ReceiptHandle of handles) {
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  }
  return [...bodies.values()];
}

async function keysOf(info: BatchInfo, streams: DynamoDBStreamsClient): Promise<string[]> {
  const last = BigInt(info.endSequenceNumber);
  const keys: string[] = [];
  let { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({
      StreamArn: info.streamArn,
      ShardId: info.shardId,
      ShardIteratorType: "AT_SEQUENCE_NUMBER",
      SequenceNumber: info.startSequenceNumber,
    }),
  );
  while (ShardIterator !== undefined) {
    const { Records = [], NextShardIterator } = await streams.send(new GetRecordsCommand({ ShardIterator }));
    for (const { dynamodb } of Records) {
      if (BigInt(dynamodb!.SequenceNumber!) > last) return keys;
      keys.push(keyHash(dynamodb!.Keys!));
      if (BigInt(dynamodb!.SequenceNumber!) === last) return keys;
    }
    ShardIterator = NextShardIterator;
  }
  return keys;
}
