import { DescribeStreamCommand, type DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";

/** A shard as the stream lists it. */
export interface ListedShard {
  readonly shardId: string;
  readonly parentShardId?: string;
  /** Whether no more records can be written to it. */
  readonly closed: boolean;
}

/** All shards of a stream, in any order. */
export async function listShards(
  streams: DynamoDBStreamsClient,
  streamArn: string,
  signal: AbortSignal,
): Promise<readonly ListedShard[]> {
  const shards: ListedShard[] = [];
  let start: string | undefined;
  do {
    const command = new DescribeStreamCommand({ StreamArn: streamArn, ...(start && { ExclusiveStartShardId: start }) });
    const { StreamDescription } = await streams.send(command, { abortSignal: signal });
    for (const { ShardId, ParentShardId, SequenceNumberRange } of StreamDescription?.Shards ?? []) {
      shards.push({
        shardId: ShardId!,
        ...(ParentShardId && { parentShardId: ParentShardId }),
        closed: SequenceNumberRange?.EndingSequenceNumber !== undefined,
      });
    }
    start = StreamDescription?.LastEvaluatedShardId;
  } while (start !== undefined);
  return shards;
}
