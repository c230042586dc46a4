import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { DeleteItemCommand, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { GetEventSourceMappingCommand, InvokeCommand, ListEventSourceMappingsCommand } from "@aws-sdk/client-lambda";
import { DeleteMessageBatchCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { DynamoDBRecord } from "aws-lambda";
import { expect } from "chai";
import { type Engine, type Progress, up } from "../../../local/engine/engine.ts";
import type { EngineEvent } from "../../../local/engine/events.ts";
import { seededFaults } from "../../../local/engine/gateway/faults.ts";
import { streamChanges } from "../../../operate/compare/stream.ts";
import { UserError } from "../../../terminal/user-error.ts";
import { sharedDynamoDb } from "../../support/dynamodb.ts";
import { FakeDocker } from "../../support/fake-docker.ts";

const root = "test/fixtures/programs";

interface Outputs {
  readonly tableName: string;
  readonly tableArn: string;
  readonly streamArn: string;
  readonly queueUrl: string;
  readonly failuresUrl: string;
  readonly functionName: string;
  readonly mappingId: string;
}

describe("the engine", () => {
  let engine: Engine;
  let outputs: Outputs;
  const progress: Progress[] = [];
  const events: EngineEvent[] = [];

  before(async () => {
    const { endpoint } = await sharedDynamoDb();
    engine = await up({
      root,
      program: "relay.ts",
      dynamoDbEndpoint: endpoint,
      onProgress: (step) => progress.push(step),
      onEvent: (event) => events.push(event),
    });
    outputs = engine.outputs as unknown as Outputs;
  });
  after(() => engine?.down());

  const put = (id: string, more = {}) =>
    engine.clients.dynamodb.send(
      new PutItemCommand({ TableName: outputs.tableName, Item: { id: { S: id }, ...more } }),
    );
  const remove = (id: string) =>
    engine.clients.dynamodb.send(new DeleteItemCommand({ TableName: outputs.tableName, Key: { id: { S: id } } }));
  const receive = async (client: SQSClient, url: string) => {
    const bodies: string[] = [];
    for (;;) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return bodies;
      bodies.push(...Messages.map(({ Body = "" }) => Body));
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
    }
  };
  const changes = async (): Promise<DynamoDBRecord[]> => {
    await engine.idle();
    return (await receive(engine.clients.sqs, outputs.queueUrl)).map((body) => JSON.parse(body));
  };

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
    await put("a");
    await put("a", { n: { N: "1" } });
    await remove("a");
    const delivered = await changes();
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
    await put("poison");
    await put("after");
    expect((await changes()).map(({ dynamodb }) => dynamodb?.Keys?.id?.S)).to.deep.equal(["after"]);
    const [failure] = await receive(engine.clients.sqs, outputs.failuresUrl);
    const message = JSON.parse(failure ?? "");
    expect(message).to.have.nested.property("requestContext.condition", "RetryAttemptsExhausted");
    const { functionName } = outputs;
    const destinationArn = outputs.failuresUrl.replace(/^.*\//, "arn:aws:sqs:eu-west-1:000000000000:");
    expect(events).to.deep.include({ kind: "log", functionName, line: "sent 1" });
    expect(events).to.deep.include({ kind: "failure message", functionName, destinationArn, message });
    const [failed] = events.filter(({ kind }) => kind === "failed batch");
    expect(failed).to.include({ functionName, reason: "Error: no such film" });
  });

  it("lets time to live delete what is over, and marks just that deletion", async () => {
    const now = Date.now();
    const seconds = (offset: number) => ({ ends: { N: String(Math.floor(now / 1000) + offset) } });
    await put("over", seconds(-10));
    await remove("over");
    await put("over", seconds(-10));
    await put("later", seconds(1000));
    await put("long ago", seconds(-6 * 365 * 24 * 60 * 60));
    await put("text", { ends: { S: "yesterday" } });
    expect(await engine.expire(now)).to.deep.equal({ [outputs.tableName]: 1 });
    await put("over", seconds(-10));
    await remove("over");
    const over = (await changes()).filter(({ dynamodb }) => dynamodb?.Keys?.id?.S === "over");
    expect(over.map(({ eventName, userIdentity }) => [eventName, userIdentity])).to.deep.equal([
      ["INSERT", undefined],
      ["REMOVE", undefined],
      ["INSERT", undefined],
      ["REMOVE", { type: "Service", principalId: "dynamodb.amazonaws.com" }],
      ["INSERT", undefined],
      ["REMOVE", undefined],
    ]);
    const marked = (await streamChanges(engine.clients.streams, outputs.streamArn)).filter(
      ({ record }) => record.userIdentity !== undefined,
    );
    expect(marked.map(({ operation, record }) => [operation, record.userIdentity])).to.deep.equal([
      ["REMOVE", { Type: "Service", PrincipalId: "dynamodb.amazonaws.com" }],
    ]);
    expect(await engine.expire(now)).to.deep.equal({ [outputs.tableName]: 0 });
    expect(await engine.expire(now + 2_000_000)).to.deep.equal({ [outputs.tableName]: 1 });
    await engine.idle();
  });

  it("answers for Lambda: invokes the functions and describes the mappings, as AWS says it", async () => {
    const { lambda } = engine.clients;
    const { functionName, mappingId, streamArn } = outputs;
    const functionArn = `arn:aws:lambda:eu-west-1:000000000000:function:${functionName}`;
    const invoke = (FunctionName: string, payload: unknown) =>
      lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }));
    for (const name of [functionName, functionArn]) {
      const answer = await invoke(name, { Records: [] });
      expect(answer).to.include({ StatusCode: 200, ExecutedVersion: "$LATEST" });
      expect(answer.FunctionError).to.equal("Unhandled"); // a batch of none is nothing that this function can send
    }
    await changes(); // what the tests before have left
    const record = { eventID: "by hand", dynamodb: { Keys: { id: { S: "by hand" } } } };
    const sent = await invoke(functionName, { Records: [record] });
    expect([sent.FunctionError, sent.Payload?.transformToString()]).to.deep.equal([undefined, "null"]);
    expect((await changes()).map(({ eventID }) => eventID)).to.deep.equal(["by hand"]);
    const failed = await invoke(functionName, { Records: [{ dynamodb: { Keys: { id: { S: "poison" } } } }] });
    expect(JSON.parse(failed.Payload!.transformToString())).to.include({ errorMessage: "no such film" });

    const { $metadata: _, ...mapping } = await lambda.send(new GetEventSourceMappingCommand({ UUID: mappingId }));
    expect(mapping).to.deep.include({
      UUID: mappingId,
      FunctionArn: functionArn,
      EventSourceArn: streamArn,
      State: "Enabled",
      BatchSize: 10,
      DestinationConfig: { OnFailure: { Destination: `arn:aws:sqs:eu-west-1:000000000000:${failuresName()}` } },
    });
    const list = async (FunctionName: string) =>
      (await lambda.send(new ListEventSourceMappingsCommand({ FunctionName }))).EventSourceMappings;
    expect((await list(functionArn))?.map(({ UUID }) => UUID)).to.deep.equal([mappingId]);

    const refusal = async (work: Promise<unknown>) =>
      work.then(
        () => expect.fail("nothing was refused"),
        ({ name, $metadata: { httpStatusCode } }) => [name, httpStatusCode],
      );
    expect(await refusal(invoke("nobody", {}))).to.deep.equal(["ResourceNotFoundException", 404]);
    expect(await refusal(lambda.send(new GetEventSourceMappingCommand({ UUID: "none" })))).to.deep.equal([
      "ResourceNotFoundException",
      404,
    ]);
    const large = { Records: [], filler: "x".repeat(6 * 1024 * 1024) };
    expect(await refusal(invoke(functionName, large))).to.deep.equal(["RequestTooLargeException", 413]);
    const later = new InvokeCommand({ FunctionName: functionName, InvocationType: "Event" });
    expect(await refusal(lambda.send(later))).to.deep.equal(["InvalidParameterValueException", 400]);
    const meters = engine.meters().map(({ caller, service, operation }) => `${caller.kind} ${service} ${operation}`);
    expect(meters).to.include.members(["user lambda Invoke", "user lambda GetEventSourceMapping"]);
  });
  const failuresName = () => outputs.failuresUrl.split("/").at(-1);

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
    const { endpoint } = await sharedDynamoDb();
    const faults = seededFaults(3, [{ operation: "SendMessageBatch", fault: { failEntries: 0.5 } }]);
    const faulty = await up({ root, program: "relay.ts", dynamoDbEndpoint: endpoint, faults });
    try {
      const { tableName, queueUrl, failuresUrl } = faulty.outputs as unknown as Outputs;
      const ids = Array.from({ length: 20 }, (_, index) => `film-${index}`);
      for (const id of ids)
        await faulty.clients.dynamodb.send(new PutItemCommand({ TableName: tableName, Item: { id: { S: id } } }));
      await faulty.idle();
      const arrived = (await receive(faulty.clients.sqs, queueUrl)).map((body) => JSON.parse(body).dynamodb.Keys.id.S);
      const failed = (await receive(faulty.clients.sqs, failuresUrl)).map(
        (body) => JSON.parse(body).DDBStreamBatchInfo.batchSize,
      );
      const given = failed.reduce((sum, size) => sum + size, 0);
      expect(given).to.be.greaterThan(0);
      expect(new Set(arrived).size + given).to.be.at.least(ids.length);
      const [meter] = faulty.meters().filter(({ operation }) => operation === "SendMessageBatch");
      expect(meter?.faults).to.be.within(1, meter?.calls ?? 0);
    } finally {
      await faulty.down();
    }
  });

  it("waits as fast as it is told to: between attempts, and for a batch to fill", async () => {
    const { endpoint } = await sharedDynamoDb();
    const config = { retries: 7, window: 60 };
    const hurried = await up({ root, program: "relay.ts", dynamoDbEndpoint: endpoint, timeScale: 0.01, config });
    try {
      const { tableName, failuresUrl } = hurried.outputs as unknown as Outputs;
      const begin = performance.now();
      const Item = { id: { S: "poison" } };
      await hurried.clients.dynamodb.send(new PutItemCommand({ TableName: tableName, Item }));
      await hurried.idle();
      expect(performance.now() - begin).to.be.within(600, 5000);
      expect(await receive(hurried.clients.sqs, failuresUrl)).to.have.length(1);
    } finally {
      await hurried.down();
    }
  });

  it("tells of the problems of a mapping that goes on, and rejects when it does not", async () => {
    const { endpoint } = await sharedDynamoDb();
    const problems: string[] = [];
    let status = 500;
    let left = 6;
    const faulty = await up({
      root,
      program: "relay.ts",
      dynamoDbEndpoint: endpoint,
      timeScale: 0.01,
      onProblem: (text) => problems.push(text),
      faults: ({ principal, operation }) =>
        principal.kind === "mapping" && operation === "GetRecords" && left-- > 0
          ? { kind: "error", error: { status, code: "Odd", message: "not now" } }
          : undefined,
    });
    try {
      await faulty.idle();
      expect(problems.join("\n")).to.match(/^The event source mapping \S+ of \S+ could not read the stream .*not now/);
      status = 400;
      left = 1;
      const error = await faulty.idle().catch((reason) => reason);
      expect(error.message).to.match(/^The event source mapping \S+ of \S+ failed: .*not now/);
      expect(problems).to.include(error.message);
    } finally {
      await faulty.down();
    }
  });

  it("does not wait for ever when DynamoDB Local has ended", async () => {
    const { endpoint } = await sharedDynamoDb();
    using docker = new FakeDocker(endpoint);
    docker.install();
    const alone = await up({ root, program: "relay.ts", timeScale: 0.01, onProblem: () => {} });
    try {
      await alone.idle();
      docker.crash();
      const error = await alone.idle().catch((reason) => reason);
      expect(error).to.be.instanceOf(UserError);
      expect(error.message).to.match(/^DynamoDB Local ended by itself \(SIGKILL\)/);
    } finally {
      await alone.down();
    }
  });

  it("leaves nothing behind: no folder, no handle, whether the program came up or not", async () => {
    const { stdout, left } = await inChild(`
      await up({ ...options, program: "too-late.ts" }).then(() => process.exit(1), ({ message }) => console.log(message));
      const engine = await up({ ...options, program: "relay.ts" });
      await Promise.all([engine.down(), engine.down()]);
      await engine.down();
      console.log("down");`);
    expect(stdout).to.equal(
      'aws:lambda/eventSourceMapping:EventSourceMapping "mapping": Stream not found: arn:aws:dynamodb:eu-west-1:000000000000:table/none/stream/1\ndown\n',
    );
    expect(left).to.deep.equal([]);
  });

  it("leaves nothing behind when the process ends without warning", async () => {
    const { stdout, left } = await inChild(`
      const { readdirSync } = await import("node:fs");
      await up({ ...options, program: "relay.ts" });
      console.log(readdirSync(process.env.TMPDIR).length);
      process.exit();`);
    expect([stdout, left]).to.deep.equal(["1\n", []]);
  });

  /** Runs a script in a process with a temporary folder of its own; what it printed, and what is left in the folder. */
  async function inChild(script: string): Promise<{ stdout: string; left: string[] }> {
    const { endpoint } = await sharedDynamoDb();
    const TMPDIR = mkdtempSync(join(tmpdir(), "engine-"));
    const begin = `
      import { up } from "${new URL("../../../local/engine/engine.ts", import.meta.url)}";
      const options = { root: "${root}", dynamoDbEndpoint: "${endpoint}" };`;
    try {
      const run = [process.execPath, ["--input-type=module", "--eval", begin + script]] as const;
      const { stdout } = await promisify(execFile)(...run, { env: { ...process.env, TMPDIR } });
      return { stdout, left: readdirSync(TMPDIR) };
    } finally {
      rmSync(TMPDIR, { recursive: true });
    }
  }
});
