import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type DynamoDBClient, GetItemCommand, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { type DynamoDBStreamsClient, GetRecordsCommand } from "@aws-sdk/client-dynamodb-streams";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { up } from "../../../local/engine/engine.ts";
import { dynamoDbClient, streamsClient } from "../../../operate/stream/whole-clients.ts";
import { sharedDynamoDb } from "../../support/dynamodb.ts";
import { stacks } from "../../support/stacks.ts";

describe("operate/stream/whole-clients.ts", () => {
  let server: Server;
  let client: DynamoDBStreamsClient;
  let tables: DynamoDBClient;
  let answer: string;
  beforeEach(async () => {
    server = createServer((_, response) => response.end(answer)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const config = {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
    };
    client = streamsClient(config);
    tables = dynamoDbClient(config);
  });
  afterEach(() => {
    client.destroy();
    tables.destroy();
    server.close();
  });

  const read = async (image: string) => {
    answer = `{"Records":[{"eventName":"INSERT"},{"dynamodb":{"Keys":{"id":{"S":"a"}},"NewImage":${image},"ApproximateCreationDateTime":1700000000}}],"NextShardIterator":"next"}`;
    return client.send(new GetRecordsCommand({ ShardIterator: "first" }));
  };

  it("reads attributes that are called __proto__, however deep", async () => {
    const { Records, NextShardIterator } = await read(
      '{"__proto__":{"M":{"__proto__":{"B":"AAE="},"list":{"L":[{"M":{"__proto__":{"BS":["AA=="]}}}]}}},"n":{"N":"1"}}',
    );
    expect(NextShardIterator).to.equal("next");
    const [, record] = Records!;
    expect(record?.dynamodb?.ApproximateCreationDateTime).to.deep.equal(new Date(1_700_000_000_000));
    expect(record?.dynamodb?.Keys).to.deep.equal({ id: { S: "a" } });
    const image = Object.entries(record!.dynamodb!.NewImage!);
    expect(image.map(([name]) => name)).to.deep.equal(["__proto__", "n"]);
    const [[, outer]] = image as [(typeof image)[number]];
    const inner = Object.entries(outer.M!);
    expect(inner[0]).to.deep.equal(["__proto__", { B: Buffer.from([0, 1]) }]);
    expect(Object.entries(inner[1]![1].L![0]!.M!)).to.deep.equal([["__proto__", { BS: [Buffer.from([0])] }]]);
  });

  it("reads items and keys that have such an attribute", async () => {
    const item = '{"__proto__":{"B":"AAE="},"list":{"L":[{"M":{"__proto__":{"N":"1"}}}]}}';
    answer = `{"Item":${item}}`;
    const { Item } = await tables.send(new GetItemCommand({ TableName: "odd", Key: { id: { S: "a" } } }));
    expect(Object.entries(Item!)[0]).to.deep.equal(["__proto__", { B: Buffer.from([0, 1]) }]);
    expect(Object.entries(Item!.list!.L![0]!.M!)).to.deep.equal([["__proto__", { N: "1" }]]);
    answer = `{"Items":[{"b":{"B":"AAE="}},${item}],"Count":2,"LastEvaluatedKey":{"__proto__":{"S":"next"}}}`;
    const { Items, Count, LastEvaluatedKey } = await tables.send(new ScanCommand({ TableName: "odd" }));
    expect({ ...Items![0]!.b!.B! }).to.deep.equal({ 0: 0, 1: 1 });
    expect(Object.entries(Items![1]!)[0]).to.deep.equal(["__proto__", { B: Buffer.from([0, 1]) }]);
    expect(Object.entries(LastEvaluatedKey!)).to.deep.equal([["__proto__", { S: "next" }]]);
    expect(Count).to.equal(2);
  });

  it("leaves to the SDK what has no such attribute", async () => {
    const { Records } = await read('{"b":{"B":"AAE="},"text":{"S":"\\"__proto__\\""}}');
    const { b, text } = Records![1]!.dynamodb!.NewImage!;
    expect({ ...b!.B! }).to.deep.equal({ 0: 0, 1: 1 });
    expect(text).to.deep.equal({ S: '"__proto__"' });
  });

  it("lets a mapping deliver such an attribute", async () => {
    const { endpoint } = await sharedDynamoDb();
    const engine = await up({
      ...stacks,
      dynamoDbEndpoint: endpoint,
      config: { "fanout:destinations": { events: { kind: "sqs" } } },
    });
    try {
      const { table, destinations } = engine.outputs as {
        table: string;
        destinations: { events: { sink: { queueUrl: string } } };
      };
      const Item = JSON.parse('{"__proto__":{"M":{"__proto__":{"S":"kept"}}},"id":{"S":"a"}}');
      await engine.clients.dynamodb.send(new PutItemCommand({ TableName: table, Item }));
      await engine.idle();
      const { queueUrl: QueueUrl } = destinations.events.sink;
      const { Messages } = await engine.clients.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
      expect(Messages?.map(({ Body = "" }) => JSON.stringify(JSON.parse(Body).after))).to.deep.equal([
        JSON.stringify(Item),
      ]);
    } finally {
      await engine.down();
    }
  });
});
