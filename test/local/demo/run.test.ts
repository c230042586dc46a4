import { DeleteItemCommand, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { parseArguments } from "../../../local/demo/arguments.ts";
import { type Checked, checkDestination } from "../../../local/demo/check-destination.ts";
import { invitation } from "../../../local/demo/invitation.ts";
import { type Outputs, readOutputs } from "../../../local/demo/outputs.ts";
import type { Progress } from "../../../local/demo/progress.ts";
import { allRight, type Result, report } from "../../../local/demo/report.ts";
import { run } from "../../../local/demo/run.ts";
import { itemsOf, keySchemaOf } from "../../../local/demo/source-items.ts";
import { type Engine, up } from "../../../local/engine.ts";
import { sharedDynamoDb } from "../../support/dynamodb.ts";

const silent: Progress = { step: (_label, work) => work(() => {}) };

describe("the demo", () => {
  let engine: Engine;
  let outputs: Outputs;
  let result: Result;

  before(async function () {
    this.timeout(90_000);
    const { endpoint } = await sharedDynamoDb();
    engine = await up({ dynamoDbEndpoint: endpoint, firehose: { intervalScale: 0.01 } });
    outputs = readOutputs(engine.outputs);
    result = await run(engine, parseArguments(["--films", "60"]), silent);
  });

  after(() => engine?.down());

  const one = (name: string): Checked => result.destinations.find((destination) => destination.name === name)!;

  it("finds every destination exact, and the refused change in the warehouse's failure queue alone", () => {
    expect(result.destinations.map(({ name, problems }) => [name, problems])).to.deep.equal([
      ["warehouse", []],
      ["events", []],
      ["copy", []],
    ]);
    expect(result.destinations.map(({ failureMessages }) => failureMessages)).to.deep.equal([1, 0, 0]);
    expect(allRight(result)).to.equal(true);
  });

  it("counts what arrived, and the calls that it took", () => {
    expect(one("events").arrived).to.equal(`${result.changes} messages`);
    expect(one("warehouse").arrived).to.match(new RegExp(`^${result.changes - 1} changes in \\d+ rows, \\d+ current$`));
    expect(Object.keys(one("events").calls)).to.deep.equal(["SendMessageBatch"]);
    expect(Object.keys(one("copy").calls)).to.deep.equal(["PutItem"]);
    expect(one("copy").batches).to.be.within(1, one("copy").invocations);
  });

  it("reports it in a table", () => {
    const text = report(result);
    expect(text).to.contain("waits in the failure queue of warehouse.");
    expect(text).to.match(/^copy {9}replica {3}.*exact$/m);
    expect(text).to.match(/Every destination holds exactly what it should\.$/);
  });

  it("invites a person to write to the table", async () => {
    const text = await invitation(engine);
    expect(text).to.contain(`export AWS_ENDPOINT_URL=${engine.environment.AWS_ENDPOINT_URL}`);
    expect(text).to.contain(`TableName: "${outputs.table}", Item: {"id":{"S":"mine"}`);
    expect(text).to.contain(outputs.destinations.events!.sink.queueUrl);
  });

  it("sees what is wrong", async () => {
    const { dynamodb } = engine.clients;
    const { tableName: TableName } = outputs.destinations.copy!.sink;
    const { Items = [] } = await dynamodb.send(
      new ScanCommand({
        TableName,
        FilterExpression: "attribute_not_exists(#e)",
        ExpressionAttributeNames: { "#e": "_fanout_expires" },
      }),
    );
    const [first, second] = Items;
    await dynamodb.send(new DeleteItemCommand({ TableName, Key: { id: first!.id! } }));
    await dynamodb.send(new PutItemCommand({ TableName, Item: { ...second, Title: { S: "Another title" } } }));
    const keySchema = await keySchemaOf(dynamodb, outputs.table);
    const source = await itemsOf(dynamodb, outputs.table, keySchema);
    const { problems } = await checkDestination(engine, outputs, "copy", { source, keySchema, refused: "some key" });
    expect(problems.join("\n")).to.match(/lacks the item with key hash [0-9a-f]{64}/);
    expect(problems.join("\n")).to.match(/differs in the item with key hash [0-9a-f]{64}/);
    const wrong = { ...result, destinations: [{ ...one("copy"), problems }] };
    expect(allRight(wrong)).to.equal(false);
    expect(report(wrong)).to.match(/WRONG/).and.to.contain("copy: lacks the item");
    const warehouse = await checkDestination(engine, outputs, "warehouse", { source, keySchema, refused: "some key" });
    expect(warehouse.problems).to.have.length(2);
    expect(warehouse.problems[0]).to.equal(
      "the failure queue lacks the change of key hash some key, which had to be refused",
    );
    expect(warehouse.problems[1]).to.match(
      /^the failure queue has a change of key hash [0-9a-f]{64}, which had to be delivered$/,
    );
  });
});
