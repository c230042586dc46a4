import {
  type _Record as ApiRecord,
  type AttributeValue,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";
import { eventIdOf, keyHash } from "../../handlers/core/key-and-version.ts";
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
export function streamChanges(streams: DynamoDBStreamsClient, streamArn: string): Promise<StreamChange[]> {
  return new StreamReader(streams, streamArn).next();
}

/** Reads a stream bit by bit, past the mappings and the functions. */
export class StreamReader {
  readonly #streams: DynamoDBStreamsClient;
  readonly #streamArn: string;
  /** Where each shard goes on; undefined where it has ended. */
  readonly #iterators = new Map<string, string | undefined>();
  /** The shards of which a record was read. */
  readonly #begun = new Set<string>();

  constructor(streams: DynamoDBStreamsClient, streamArn: string) {
    this.#streams = streams;
    this.#streamArn = streamArn;
  }

  /** The changes since the last time, at first all of them: each shard up to its end, or to the first empty page. */
  async next(): Promise<StreamChange[]> {
    const changes: StreamChange[] = [];
    for (const { shardId } of await listShards(this.#streams, this.#streamArn, new AbortController().signal)) {
      // DynamoDB Local refuses an iterator that it gave for an empty shard once the shard has records.
      const isNew = !this.#begun.has(shardId) && (!this.#iterators.has(shardId) || this.#iterators.get(shardId));
      if (isNew) this.#iterators.set(shardId, await this.#begin(shardId));
      for (;;) {
        const ShardIterator = this.#iterators.get(shardId);
        if (ShardIterator === undefined) break;
        const { Records = [], NextShardIterator } = await this.#streams.send(new GetRecordsCommand({ ShardIterator }));
        for (const record of Records) changes.push(changeOf(record, shardId));
        this.#iterators.set(shardId, NextShardIterator);
        if (Records.length > 0) this.#begun.add(shardId);
        else break; // DynamoDB Local gives an empty page only where nothing follows
      }
    }
    return changes;
  }

  async #begin(ShardId: string): Promise<string | undefined> {
    const command = { StreamArn: this.#streamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" } as const;
    return (await this.#streams.send(new GetShardIteratorCommand(command))).ShardIterator;
  }
}

function changeOf(record: ApiRecord, shardId: string): StreamChange {
  const { Keys, OldImage, NewImage, SequenceNumber } = record.dynamodb!;
  const hash = keyHash(Keys!);
  return {
    shardId,
    eventId: record.eventID ?? eventIdOf(hash, SequenceNumber!),
    operation: record.eventName!,
    version: SequenceNumber!,
    keyHash: hash,
    ...(OldImage && { before: OldImage }),
    ...(NewImage && { after: NewImage }),
    record,
  };
}
