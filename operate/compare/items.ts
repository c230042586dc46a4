import { type AttributeValue, DescribeTableCommand, type DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { keyHash } from "../../handlers/core/key-and-version.ts";

/** A key attribute of a table. */
export interface KeyAttribute {
  readonly name: string;
  readonly type: "S" | "N" | "B";
}

/** The items of a table, by the hashes of their keys. */
export type Items = ReadonlyMap<string, Record<string, AttributeValue>>;

/** Asks DynamoDB for a table's key. */
export async function keySchemaOf(client: DynamoDBClient, tableName: string): Promise<KeyAttribute[]> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
  const types = new Map(Table?.AttributeDefinitions?.map((one) => [one.AttributeName, one.AttributeType]));
  return (Table?.KeySchema ?? []).map(({ AttributeName: name = "" }) => ({
    name,
    type: types.get(name) as KeyAttribute["type"],
  }));
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
