import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import type { Engine, Progress } from "../../../local/engine/engine.ts";
import type { EngineEvent } from "../../../local/engine/events.ts";
import { seededFaults } from "../../../local/engine/gateway/faults.ts";
import { Relay, type RelayOutputs } from "./support/relay.ts";

describe("the engine", () => {
  let relay: Relay;
  let engine: Engine;
  let outputs: RelayOutputs;

  const progress: Progress[] = [];
  const events: EngineEvent[] = [];

  before(async () => {
    relay = await Relay.up({
      onProgress: (step) => progress.push(step),
      onEvent: (event) => events.push(event),
    });
    ({ engine, outputs } = relay);
  });
  after(() => engine?.down());

  it("gives the program's outputs in the stack's Region, and tells what it does", () => {
    expect(outputs.tableName).to.match(/^films-[0-9a-f]{7}$/);
    expect(outputs.tableArn).to.equal(`arn:aws:dynamodb:eu-west-1:000000000000:table/${outputs.tableName}`);
    expect(outputs.streamArn).to.match(new RegExp(`^${outputs.tableArn}/stream/`));
    expect(outputs.queueUrl).to.match(
      new RegExp(`^${engine.environment.AWS_ENDPOINT_URL}/000000000000/changes-[0-9a-f]{7}$`),
    );
    expect(engine.environment).to.include({ AWS_REGION: "eu-west-1" });
    expect(progress).to.deep.include({ kind: "emulator", name: "fauxqs" });
    const type = "aws:sqs/queue:Queue";
    expect(progress).to.deep.include({ kind: "resource", type, name: "failures", id: outputs.failuresUrl });
    expect([...engine.functions.keys()]).to.deep.equal([outputs.functionName]);
    expect([...engine.mappings.keys()]).to.deep.equal([outputs.mappingId]);
    expect([engine.redshift, engine.firehose]).to.deep.equal([undefined, undefined]);
    const { AWS_ENDPOINT_URL: address } = engine.environment;
    expect(engine.endpoints).to.include({ dynamodb: address, sqs: address, sns: address, s3: address });
  });

  it("delivers changes through the function, as the user's own application makes them", async () => {
    await relay.put("a");
    await relay.put("a", { n: { N: "1" } });
    await relay.remove("a");
    const delivered = await relay.changes();
    expect(
      delivered.map(({ eventName, awsRegion, userIdentity }) => [eventName, awsRegion, userIdentity]),
    ).to.deep.equal([
      ["INSERT", "eu-west-1", undefined],
      ["MODIFY", "eu-west-1", undefined],
      ["REMOVE", "eu-west-1", undefined],
    ]);
    expect(delivered[0]).to.have.property("eventSourceARN", outputs.streamArn);
    expect(engine.functions.get(outputs.functionName)?.log.join()).to.match(/sent \d/);
    const meters = engine.meters().map(({ caller, operation }) => `${caller.kind} ${operation}`);
    expect(meters).to.include.members([
      "engine CreateTable",
      "mapping GetRecords",
      "function SendMessageBatch",
      "user PutItem",
    ]);
  });

  it("reports what the function cannot take to the failure queue, and goes on", async () => {
    await relay.put("poison");
    await relay.put("after");
    expect((await relay.changes()).map(({ dynamodb }) => dynamodb?.Keys?.id?.S)).to.deep.equal(["after"]);
    const [failure] = await relay.receive(outputs.failuresUrl);
    const message = JSON.parse(failure ?? "");
    expect(message).to.have.nested.property("requestContext.condition", "RetryAttemptsExhausted");
    const { functionName } = outputs;
    const destinationArn = outputs.failuresUrl.replace(/^.*\//, "arn:aws:sqs:eu-west-1:000000000000:");
    expect(events).to.deep.include({ kind: "log", functionName, line: "sent 1" });
    expect(events).to.deep.include({ kind: "failure message", functionName, destinationArn, message });
    const [failed] = events.filter(({ kind }) => kind === "failed batch");
    expect(failed).to.include({ functionName, reason: "Error: no such film" });
  });

  it("serves an application that knows nothing but its environment", async () => {
    const script = `
      import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
      await new DynamoDBClient({}).send(new PutItemCommand({ TableName: "${outputs.tableName}", Item: { id: { S: "app" } } }));`;
    const env = { PATH: process.env.PATH ?? "", ...engine.environment };
    await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], { env });
    const { Items } = await engine.clients.dynamodb.send(
      new ScanCommand({
        TableName: outputs.tableName,
        FilterExpression: "id = :app",
        ExpressionAttributeValues: { ":app": { S: "app" } },
      }),
    );
    expect(Items).to.have.length(1);
  });

  it("lets faults happen to the functions' calls, and the mapping deals with them", async () => {
    const faults = seededFaults(3, [{ operation: "SendMessageBatch", fault: { failEntries: 0.5 } }]);
    const faulty = await Relay.up({ faults });
    try {
      const { queueUrl, failuresUrl } = faulty.outputs;
      const ids = Array.from({ length: 20 }, (_, index) => `film-${index}`);
      for (const id of ids) await faulty.put(id);
      await faulty.engine.idle();
      const arrived = (await faulty.receive(queueUrl)).map((body) => JSON.parse(body).dynamodb.Keys.id.S);
      const failed = (await faulty.receive(failuresUrl)).map((body) => JSON.parse(body).DDBStreamBatchInfo.batchSize);
      const given = failed.reduce((sum, size) => sum + size, 0);
      expect(given).to.be.greaterThan(0);
      expect(new Set(arrived).size + given).to.be.at.least(ids.length);
      const [meter] = faulty.engine.meters().filter(({ operation }) => operation === "SendMessageBatch");
      expect(meter?.faults).to.be.within(1, meter?.calls ?? 0);
    } finally {
      await faulty.engine.down();
    }
  });

  it("waits as fast as it is told to: between attempts, and for a batch to fill", async function () {
    this.timeout(60_000);
    const config = { retries: 7, window: 60 };
    const hurried = await Relay.up({ timeScale: 0.01, config });
    try {
      const begin = performance.now();
      await hurried.put("poison");
      await hurried.engine.idle();
      // A hundred times slower, the window alone would last a minute.
      expect(performance.now() - begin).to.be.within(599, 50_000);
      expect(await hurried.receive(hurried.outputs.failuresUrl)).to.have.length(1);
    } finally {
      await hurried.engine.down();
    }
  });
});
