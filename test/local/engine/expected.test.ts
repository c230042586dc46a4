import { join } from "node:path";
import { DescribeTableCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { type Engine, up } from "../../../local/engine/engine.ts";
import { expectedKey } from "../../../local/engine/world/expected-key.ts";
import { drain } from "../../../operate/compare/messages.ts";
import { readOutputs } from "../../../operate/stack/outputs.ts";
import { sharedDynamoDb } from "../../support/dynamodb.ts";
import { stacks } from "../../support/stacks.ts";

const programs = join(import.meta.dirname, "../../fixtures/programs");

describe("what a stack expects to find", () => {
  let engine: Engine | undefined;
  let expected: string[];
  afterEach(async () => {
    await engine?.down();
    engine = undefined;
  });

  async function start(config: Record<string, unknown>) {
    const { endpoint } = await sharedDynamoDb();
    expected = [];
    engine = await up({
      ...stacks,
      config,
      dynamoDbEndpoint: endpoint,
      timeScale: 0.01,
      onProgress: (event) => void (event.kind === "expected" && expected.push(event.what)),
    });
    return { clients: engine.clients, engine, outputs: readOutputs(engine.outputs) };
  }

  const queues = ["orders", "orders.fifo"].map((name) => `arn:aws:sqs:us-east-1:111122223333:${name}`);
  for (const queueArn of queues) {
    it(`is made, empty, and told: the queue ${queueArn}`, async () => {
      const { clients, engine, outputs } = await start({
        "fanout:destinations": { events: { kind: "sqs", queueArn } },
      });
      expect(expected).to.deep.equal([`the queue ${queueArn}`]);
      await clients.dynamodb.send(new PutItemCommand({ TableName: outputs.table, Item: { id: { S: "a" } } }));
      await engine.idle();
      const messages = await drain(clients.sqs, outputs.destinations.events!.sink.queueUrl!);
      expect(messages.map(({ Body }) => JSON.parse(Body!).operation)).to.deep.equal(["INSERT"]);
    });
  }

  it("is made, empty, and told: a table to adopt, a table to copy to, with the key that the configuration names", async () => {
    const [adopted, copy] = [`adopted-${process.pid}`, `copy-${process.pid}`];
    const { clients, engine, outputs } = await start({
      "fanout:source": { existing: { tableName: adopted } },
      "fanout:destinations": { copy: { kind: "replica", existing: { tableName: copy } } },
    });
    expect(expected).to.deep.equal([
      `the table ${adopted} in us-east-1, with the key id (S)`,
      `the table ${copy} in us-east-1, with the key id (S)`,
    ]);
    expect(outputs.table).to.equal(adopted);
    await clients.dynamodb.send(new PutItemCommand({ TableName: adopted, Item: { id: { S: "a" } } }));
    await engine.idle();
    const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName: copy }));
    expect(Table?.ItemCount).to.equal(1);
  });

  it("is made and told once: a table that is looked up twice at the same time", async () => {
    const { endpoint } = await sharedDynamoDb();
    const name = `looked-up-${process.pid}`;
    const told: string[] = [];
    engine = await up({
      ...{ root: programs, program: "same-lookups.ts", config: { table: name }, dynamoDbEndpoint: endpoint },
      onProgress: (event) => void (event.kind === "expected" && told.push(event.what)),
    });
    const [first, second, ...others] = engine.outputs.streams as readonly string[];
    expect(first).to.match(new RegExp(`:table/${name}/stream/`));
    expect([second, ...others]).to.deep.equal([first]);
    expect(told).to.deep.equal([`the table ${name} in eu-west-1, with the key id (S)`]);
  });

  it("is made, empty, and told: a warehouse", async () => {
    const existing = {
      jdbcUrl: "jdbc:redshift://main.111122223333.us-east-1.redshift-serverless.amazonaws.com:5439/dev",
      adminSecretArn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:admin-AbCdEf",
    };
    const { clients, engine, outputs } = await start({
      "fanout:destinations": { films: { kind: "redshift", schema: "films", existing } },
    });
    expect(expected).to.deep.equal(["the warehouse main"]);
    await clients.dynamodb.send(new PutItemCommand({ TableName: outputs.table, Item: { id: { S: "a" } } }));
    await engine.idle();
    const { changeLog } = outputs.destinations.films!.sink;
    expect(await engine.redshift!.query(`SELECT operation FROM ${changeLog}`)).to.deep.equal([{ operation: "INSERT" }]);
  });

  it("is not told of where the stack makes everything", async () => {
    await start({
      "fanout:destinations": { films: { kind: "redshift" }, events: { kind: "sqs" }, copy: { kind: "replica" } },
    });
    expect(expected).to.deep.equal([]);
  });
});

describe("the key of a table that is expected", () => {
  it("is the one that a value of the configuration names, or else id", () => {
    const key = (value: unknown) =>
      expectedKey({ "aws:region": "us-east-1", "a:b": "[1]", "a:source": JSON.stringify(value) });
    const [id, at] = [
      { name: "pk", type: "B" },
      { name: "at", type: "N" },
    ];
    expect(key({ hashKey: id, rangeKey: at })).to.deep.equal([id, at]);
    expect(key({ hashKey: id })).to.deep.equal([id]);
    for (const value of [{}, { hashKey: "pk" }, { hashKey: { name: "pk", type: "string" } }, "pk", null]) {
      expect(key(value)).to.deep.equal([{ name: "id", type: "S" }]);
    }
  });
});
