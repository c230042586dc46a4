import {
  type _Record as ApiRecord,
  type AttributeValue,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";
import { keyHash } from "../../handlers/core/key-hash.ts";
import { listShards } from "../stream/shards.ts";

/** A change as the stream itself shows it. */
export interface StreamChange {
  readonly shardId: string;
  readonly eventId: string;
  readonly operation: "INSERT" | "MODIFY" | "REMOVE";
  /** The stream's sequence number. */
  readonly version: string;
  readonly keyHash: string;
  readonly before?: Record<string, AttributeValue>;
  readonly after?: Record<string, AttributeValue>;
  /** The record as it was read. */
  readonly record: ApiRecord;
}

/** Every change that a stream holds, read past the mappings and the functions. */
export async function streamChanges(streams: DynamoDBStreamsClient, streamArn: string): Promise<StreamChange[]> {
  const changes: StreamChange[] = [];
  for (const { shardId } of await listShards(streams, streamArn, new AbortController().signal)) {
    for await (const record of recordsOf(streams, streamArn, shardId)) changes.push(changeOf(record, shardId));
  }
  return changes;
}

/** The records of a shard up to its end, or to the first empty page: DynamoDB Local gives one only where nothing follows. */
async function* recordsOf(streams: DynamoDBStreamsClient, streamArn: string, shardId: string) {
  let { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({ StreamArn: streamArn, ShardId: shardId, ShardIteratorType: "TRIM_HORIZON" }),
  );
  while (ShardIterator !== undefined) {
    const { Records = [], NextShardIterator } = await streams.send(new GetRecordsCommand({ ShardIterator }));
    yield* Records;
    ShardIterator = Records.length === 0 ? undefined : NextShardIterator;
  }
}

/** A record as a change. */
export function changeOf(record: ApiRecord, shardId: string): StreamChange {
  const { Keys, OldImage, NewImage, SequenceNumber } = record.dynamodb!;
  return {
    shardId,
    eventId: record.eventID!,
    operation: record.eventName!,
    version: SequenceNumber!,
    keyHash: keyHash(Keys!),
    ...(OldImage && { before: OldImage }),
    ...(NewImage && { after: NewImage }),
    record,
  };
}
