import {
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";
import { listShards } from "../../operate/stream/shards.ts";
import { changeOf, type StreamChange } from "../../operate/verify/stream-changes.ts";

/** Reads a stream bit by bit, past the mappings and the functions: each time, the changes since the last time. */
export class StreamTail {
  readonly #streams: DynamoDBStreamsClient;
  readonly #streamArn: string;
  /** Where each shard goes on; undefined where it has ended. */
  readonly #iterators = new Map<string, string | undefined>();

  constructor(streams: DynamoDBStreamsClient, streamArn: string) {
    this.#streams = streams;
    this.#streamArn = streamArn;
  }

  /** Everything up to now. */
  async next(): Promise<StreamChange[]> {
    const changes: StreamChange[] = [];
    for (const { shardId } of await listShards(this.#streams, this.#streamArn, new AbortController().signal)) {
      if (!this.#iterators.has(shardId)) this.#iterators.set(shardId, await this.#begin(shardId));
      for (;;) {
        const ShardIterator = this.#iterators.get(shardId);
        if (ShardIterator === undefined) break;
        const { Records = [], NextShardIterator } = await this.#streams.send(new GetRecordsCommand({ ShardIterator }));
        for (const record of Records) changes.push(changeOf(record, shardId));
        this.#iterators.set(shardId, NextShardIterator);
        if (Records.length === 0) break; // DynamoDB Local gives an empty page only where nothing follows
      }
    }
    return changes;
  }

  async #begin(ShardId: string): Promise<string | undefined> {
    const command = { StreamArn: this.#streamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" } as const;
    return (await this.#streams.send(new GetShardIteratorCommand(command))).ShardIterator;
  }
}
