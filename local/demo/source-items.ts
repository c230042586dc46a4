import {
  type AttributeValue,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  paginateScan,
} from "@aws-sdk/client-dynamodb";
import { keyHash } from "../../handlers/core/key-hash.ts";
import type { KeyAttribute } from "./workload.ts";

export type Items = ReadonlyMap<string, Record<string, AttributeValue>>;

/** What the demo must know of a table to write to it and to read it back. */
export interface TableShape {
  readonly keySchema: readonly KeyAttribute[];
  readonly ttlAttribute?: string | undefined;
}

/** Asks DynamoDB for a table's key and its TTL attribute. */
export async function tableShape(client: DynamoDBClient, tableName: string): Promise<TableShape> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: tableName }));
  const types = new Map(Table?.AttributeDefinitions?.map((one) => [one.AttributeName, one.AttributeType]));
  return {
    keySchema: (Table?.KeySchema ?? []).map(({ AttributeName: name = "" }) => ({
      name,
      type: types.get(name) as KeyAttribute["type"],
    })),
    ttlAttribute: TimeToLiveDescription?.AttributeName,
  };
}

/** Every item of a table, by the hash of its key. */
export async function itemsOf(
  client: DynamoDBClient,
  tableName: string,
  keys: readonly KeyAttribute[],
): Promise<Items> {
  const items = new Map<string, Record<string, AttributeValue>>();
  for await (const page of paginateScan({ client }, { TableName: tableName, ConsistentRead: true })) {
    for (const item of page.Items ?? []) items.set(hashOf(item, keys), item);
  }
  return items;
}

/** The hash of an item's key. */
export function hashOf(item: Record<string, AttributeValue>, keys: readonly KeyAttribute[]): string {
  return keyHash(Object.fromEntries(keys.map(({ name }) => [name, item[name]!])));
}
