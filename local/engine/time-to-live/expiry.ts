import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  paginateScan,
} from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";
import type { ExpiryMarks } from "./expiry-marks.ts";

/** A table whose items have a time to live. */
export interface ExpiringTable {
  readonly tableName: string;
  /** The attribute with the item's end, in seconds since the epoch. */
  readonly attribute: string;
  /** Names of the key attributes. */
  readonly key: readonly string[];
  /** The stream in DynamoDB Local's own form; absent for a table without one. */
  readonly streamArn?: string;
}

/**
 * Time to live does not look at items that ended more than five years ago.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html
 */
const fiveYears = 5 * 365 * 24 * 60 * 60;

interface DirectClients {
  readonly dynamodb: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
}

/** What time to live works on. */
export interface ExpiringTables {
  readonly expiring: ReadonlyMap<string, ExpiringTable>;
  readonly expiryMarks: ExpiryMarks;
  /** Clients that reach DynamoDB past the gateway. */
  direct(): Promise<DirectClients>;
  readonly gateway: {
    /** Does some work while nobody else reads or writes. */
    aloneWithDynamoDb<Result>(work: () => Promise<Result>): Promise<Result>;
  };
}

/**
 * Deletes the items of all tables whose time to live is over; says how many there were, by table name.
 * @param now milliseconds since the epoch
 */
export async function expireAll(world: ExpiringTables, now: number): Promise<Record<string, number>> {
  const deleted: Record<string, number> = {};
  if (world.expiring.size === 0) return deleted;
  const { dynamodb, streams } = await world.direct();
  try {
    for (const table of world.expiring.values()) {
      // Alone, so that the deletions' records cannot be confused with others and are marked before anyone reads them.
      deleted[table.tableName] = await world.gateway.aloneWithDynamoDb(() =>
        expire(table, world.expiryMarks, { dynamodb, streams }, Math.floor(now / 1000)),
      );
    }
  } finally {
    dynamodb.destroy();
    streams.destroy();
  }
  return deleted;
}

/**
 * Deletes the items of a table whose time to live is over and marks the records of exactly these deletions. Nothing else
 * may write to the table or read its stream meanwhile: then every record that appears is of a deletion made here, and no
 * reader sees one before it is marked.
 * @param now seconds since the epoch
 * @returns how many items were deleted
 */
async function expire(table: ExpiringTable, marks: ExpiryMarks, clients: DirectClients, now: number): Promise<number> {
  const { streamArn } = table;
  const tail = streamArn === undefined ? [] : await openShards(streamArn, clients.streams);
  const before = await Promise.all(tail.map((iterator) => readToEnd(iterator, clients.streams)));
  const ended = await findEnded(table, clients.dynamodb, now);
  let deleted = 0;
  for (const item of ended) if (await remove(table, item, clients.dynamodb)) deleted += 1;
  if (streamArn === undefined || deleted === 0) return deleted;
  const after = await Promise.all(before.map(({ next }) => readToEnd(next, clients.streams)));
  const removed = after.flatMap(({ eventIds }) => eventIds);
  if (removed.length !== deleted) {
    throw new Error(`${deleted} items expired, but the stream of ${table.tableName} shows ${removed.length} records`);
  }
  for (const eventId of removed) marks.add(eventId);
  return deleted;
}

type Item = Record<string, AttributeValue>;

async function findEnded({ tableName, attribute, key }: ExpiringTable, client: DynamoDBClient, now: number) {
  const read = [...new Set([attribute, ...key])];
  const names = Object.fromEntries(read.map((name, index) => [`#${index}`, name]));
  const items: Item[] = [];
  const pages = paginateScan(
    { client },
    {
      TableName: tableName,
      ConsistentRead: true,
      ProjectionExpression: Object.keys(names).join(", "),
      FilterExpression: "attribute_type(#0, :number) AND #0 BETWEEN :oldest AND :now",
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: {
        ":number": { S: "N" },
        ":oldest": { N: String(now - fiveYears) },
        ":now": { N: String(now) },
      },
    },
  );
  for await (const page of pages) items.push(...(page.Items ?? []));
  return items;
}

async function remove({ tableName, attribute, key }: ExpiringTable, item: Item, client: DynamoDBClient) {
  const end = item[attribute];
  if (end === undefined) return false;
  try {
    await client.send(
      new DeleteItemCommand({
        TableName: tableName,
        Key: Object.fromEntries(Object.entries(item).filter(([name]) => key.includes(name))),
        ConditionExpression: "#end = :end",
        ExpressionAttributeNames: { "#end": attribute },
        ExpressionAttributeValues: { ":end": end },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false; // written since: its time is not over any more
    throw error;
  }
}

async function openShards(streamArn: string, client: DynamoDBStreamsClient): Promise<string[]> {
  const iterators: string[] = [];
  let after: string | undefined;
  do {
    const { StreamDescription: stream } = await client.send(
      new DescribeStreamCommand({ StreamArn: streamArn, ExclusiveStartShardId: after }),
    );
    for (const { ShardId, SequenceNumberRange } of stream?.Shards ?? []) {
      if (SequenceNumberRange?.EndingSequenceNumber !== undefined) continue;
      const { ShardIterator } = await client.send(
        new GetShardIteratorCommand({ StreamArn: streamArn, ShardId, ShardIteratorType: "LATEST" }),
      );
      if (ShardIterator !== undefined) iterators.push(ShardIterator);
    }
    after = stream?.LastEvaluatedShardId;
  } while (after !== undefined);
  return iterators;
}

async function readToEnd(from: string | undefined, client: DynamoDBStreamsClient) {
  const eventIds: string[] = [];
  let next = from;
  while (next !== undefined) {
    const page = await client.send(new GetRecordsCommand({ ShardIterator: next }));
    next = page.NextShardIterator;
    const found = (page.Records ?? []).flatMap(({ eventID }) => eventID ?? []);
    eventIds.push(...found);
    if (found.length === 0) break;
  }
  return { eventIds, next };
}
