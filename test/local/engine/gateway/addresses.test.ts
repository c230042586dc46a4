import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteTableCommand,
  GetItemCommand,
  PutItemCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { DescribeStreamCommand } from "@aws-sdk/client-dynamodb-streams";
import { GetQueueUrlCommand, SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { Gateway } from "../../../../local/engine/gateway/gateway.ts";
import { makeClients } from "../../../../operate/clients.ts";
import { sharedDynamoDb } from "../../../support/dynamodb.ts";
import { GatewayFixture } from "./fixture.ts";

describe("the emulators' own addresses", () => {
  const fake = new GatewayFixture();

  it("speaks with each emulator in its own addresses, and leaves item data alone", async () => {
    const { dynamodb, streams, sqs } = fake.clients();
    const tables = "arn:aws:dynamodb:ddblocal:000000000000:table";
    fake.answer = ({ target }) => ({
      Table: { TableArn: `${tables}/t` },
      Item: { text: { S: `"${tables}/t" arn:aws:dynamodb:eu-west-1:` } },
      StreamDescription: { StreamArn: `${tables}/t/stream/1` },
      ...(target.startsWith("AmazonSQS") ? { QueueUrl: "http://sqs.eu-west-1.localhost:4566/000000000000/q" } : {}),
    });
    const described = await streams.send(
      new DescribeStreamCommand({ StreamArn: "arn:aws:dynamodb:eu-west-1:000000000000:table/t/stream/1" }),
    );
    expect(fake.seen.at(-1)?.body).to.deep.equal({ StreamArn: `${tables}/t/stream/1` });
    expect(described.StreamDescription?.StreamArn).to.equal("arn:aws:dynamodb:eu-west-1:000000000000:table/t/stream/1");

    const Item = {
      id: { S: '"TableName":"arn:aws:dynamodb:eu-west-1:x"' },
      TableName: { S: "arn:aws:dynamodb:eu-west-1:x" },
    };
    await dynamodb.send(new PutItemCommand({ TableName: "arn:aws:dynamodb:eu-west-1:000000000000:table/t", Item }));
    expect(fake.seen.at(-1)?.body).to.deep.equal({ TableName: `${tables}/t`, Item });
    const got = await dynamodb.send(new GetItemCommand({ TableName: "t", Key: { id: { S: "a" } } }));
    expect(got.Item).to.deep.equal({ text: { S: `"${tables}/t" arn:aws:dynamodb:eu-west-1:` } });

    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "q" }));
    expect(QueueUrl).to.equal(`${fake.gateway.endpoint}/000000000000/q`);
    fake.answer = () => ({ Successful: [], Failed: [] });
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [] }));
    expect(fake.seen.at(-1)?.body.QueueUrl).to.equal("http://sqs.eu-west-1.localhost/000000000000/q");
  });

  it("lets batches and transactions name tables by their ARNs", async () => {
    const { endpoint } = await sharedDynamoDb();
    const front = await Gateway.start({ services: { dynamodb: async () => endpoint } });
    const credentials = front.issue({ kind: "function", name: "f" });
    const { dynamodb } = makeClients({ endpoint: front.endpoint, region: "eu-west-1", credentials });
    const TableName = `batches-${Date.now()}`;
    const key = (id: string) => ({ id: { S: id } });
    try {
      const { TableDescription } = await dynamodb.send(
        new CreateTableCommand({
          TableName,
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
          BillingMode: "PAY_PER_REQUEST",
        }),
      );
      const table = TableDescription?.TableArn ?? "";
      expect(table).to.match(/^arn:aws:dynamodb:eu-west-1:/);
      const item = (id: string) => ({ ...key(id), note: { S: `"${table}": [` }, [table]: { L: [] } });
      const written = await dynamodb.send(
        new BatchWriteItemCommand({
          RequestItems: { [table]: [{ PutRequest: { Item: item("a") } }] },
          ReturnConsumedCapacity: "TOTAL",
          ReturnItemCollectionMetrics: "SIZE",
        }),
      );
      expect(written.UnprocessedItems).to.deep.equal({});
      expect(JSON.stringify(written)).not.to.contain("ddblocal");
      await dynamodb.send(
        new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName: table, Item: item("b") } }] }),
      );
      const { Responses = {} } = await dynamodb.send(
        new BatchGetItemCommand({ RequestItems: { [table]: { Keys: [key("a"), key("b")] } } }),
      );
      expect(Object.keys(Responses)).to.deep.equal([table]);
      expect(Responses[table]).to.have.deep.members([item("a"), item("b")]);
      const got = await dynamodb.send(
        new TransactGetItemsCommand({
          TransactItems: [{ Get: { TableName: table, Key: key("a") } }],
          ReturnConsumedCapacity: "TOTAL",
        }),
      );
      expect(got.Responses).to.deep.equal([{ Item: item("a") }]);
      expect(JSON.stringify(got)).not.to.contain("ddblocal");
    } finally {
      await dynamodb.send(new DeleteTableCommand({ TableName }));
      await front.stop();
    }
  });
});
