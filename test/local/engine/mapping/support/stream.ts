import {
  type _Record as ApiRecord,
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";

interface FakeShard {
  readonly parent: string | undefined;
  readonly records: ApiRecord[];
  closed: boolean;
  /** How many of the first records are trimmed. */
  trimmed: number;
}

/** A stream whose shards split, trim and expire on demand, which DynamoDB Local cannot show. */
export class FakeStream {
  readonly shards = new Map<string, FakeShard>();
  /** Errors for the coming calls, by the command's name; each is thrown once. */
  readonly errors: Record<string, Error[]> = {};
  readonly calls: string[] = [];
  #sequence = 0n;

  get client(): DynamoDBStreamsClient {
    return { send: async (command: unknown) => this.#send(command) } as unknown as DynamoDBStreamsClient;
  }

  addShard(id: string, parent?: string): void {
    this.shards.set(id, { parent, records: [], closed: false, trimmed: 0 });
  }

  close(id: string): void {
    this.shards.get(id)!.closed = true;
  }

  /** @param createdAt milliseconds since the epoch */
  write(shard: string, key: string, createdAt = 1_700_000_000_000): void {
    this.#sequence += 1n;
    const record: ApiRecord = {
      eventID: `event-${this.#sequence}`,
      eventName: "INSERT",
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: "eu-west-1",
      dynamodb: {
        ApproximateCreationDateTime: new Date(createdAt),
        Keys: { id: { S: key } },
        SequenceNumber: String(100_000_000_000_000_000_000n + this.#sequence),
        SizeBytes: 3,
        StreamViewType: "KEYS_ONLY",
      },
    };
    this.shards.get(shard)!.records.push(record);
  }

  #send(command: unknown): unknown {
    const name = (command as object).constructor.name;
    this.calls.push(name);
    const error = this.errors[name]?.shift();
    if (error) throw error;
    if (command instanceof DescribeStreamCommand) return this.#describe(command);
    if (command instanceof GetShardIteratorCommand) return { ShardIterator: this.#iterator(command) };
    if (command instanceof GetRecordsCommand) return this.#read(command.input.ShardIterator!);
    throw new Error(`no answer to ${name}`);
  }

  // One shard a page, so that paging is exercised.
  #describe({ input }: DescribeStreamCommand): unknown {
    const ids = [...this.shards.keys()];
    const at = input.ExclusiveStartShardId === undefined ? 0 : ids.indexOf(input.ExclusiveStartShardId) + 1;
    const id = ids[at];
    if (id === undefined) return { StreamDescription: { Shards: [] } };
    const { parent, closed } = this.shards.get(id)!;
    const range = { StartingSequenceNumber: "1", ...(closed && { EndingSequenceNumber: "2" }) };
    const shard = { ShardId: id, ParentShardId: parent, SequenceNumberRange: range };
    return { StreamDescription: { Shards: [shard], LastEvaluatedShardId: at + 1 < ids.length ? id : undefined } };
  }

  #iterator({ input }: GetShardIteratorCommand): string {
    const { records, trimmed } = this.shards.get(input.ShardId!)!;
    const after = records.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === input.SequenceNumber) + 1;
    const at = { TRIM_HORIZON: trimmed, LATEST: records.length, AFTER_SEQUENCE_NUMBER: after, AT_SEQUENCE_NUMBER: -1 };
    return `${input.ShardId}|${at[input.ShardIteratorType!]}`;
  }

  #read(iterator: string): unknown {
    const [id, at] = iterator.split("|") as [string, string];
    const { records, closed } = this.shards.get(id)!;
    const page = records.slice(Number(at), Number(at) + 2);
    const next = Number(at) + page.length;
    return { Records: page, NextShardIterator: closed && next === records.length ? undefined : `${id}|${next}` };
  }
}
