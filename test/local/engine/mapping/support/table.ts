import {
  type AttributeValue,
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { sharedDynamoDb } from "../../../../support/dynamodb.ts";

export type Item = Record<string, AttributeValue>;

/** A table of one's own in the shared DynamoDB Local, with both images in its stream. */
export interface Table {
  readonly name: string;
  readonly streamArn: string;
  readonly client: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  /** Puts an item `{id, n}` for each id, in this order, as fast as the emulator takes them. */
  putAll(ids: readonly string[], more?: Item): Promise<void>;
  close(): void;
}

let tables = 0;

export async function newTable(): Promise<Table> {
  const { endpoint } = await sharedDynamoDb();
  const options = { endpoint, region: "eu-west-1", credentials: { accessKeyId: "someone", secretAccessKey: "secret" } };
  const client = new DynamoDBClient(options);
  const streams = new DynamoDBStreamsClient(options);
  tables += 1;
  const name = `mapping-${process.pid}-${tables}`;
  const { TableDescription } = await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    }),
  );
  return {
    name,
    streamArn: TableDescription!.LatestStreamArn!,
    client,
    streams,
    async putAll(ids, more = {}) {
      for (let at = 0; at < ids.length; at += 25) {
        const puts = ids.slice(at, at + 25).map((id) => ({ PutRequest: { Item: { id: { S: id }, ...more } } }));
        await client.send(new BatchWriteItemCommand({ RequestItems: { [name]: puts } }));
      }
    },
    close() {
      client.destroy();
      streams.destroy();
    },
  };
}
