import { CreateTableCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { engine } from "../../../../local/engine/gateway/service-call.ts";
import { resources } from "../../../../local/engine/resources.ts";
import { startWorld } from "../../../../local/engine/world/start-world.ts";
import type { World } from "../../../../local/engine/world/world.ts";
import type { Clients } from "../../../../operate/clients.ts";
import { UserError } from "../../../../terminal/user-error.ts";
import { sharedDynamoDb } from "../../../support/dynamodb.ts";

const region = "eu-west-1";

describe("a mapping that the engine made", () => {
  let world: World;
  let clients: Clients;
  let problems: string[];
  before(async () => {
    const { endpoint } = await sharedDynamoDb();
    world = await startWorld({
      root: ".",
      region,
      dynamoDbEndpoint: endpoint,
      timeScale: 0.001,
      onUp: () => {},
      onProblem: (text) => problems.push(text),
    });
    clients = world.clientsAs(engine, region);
  });
  beforeEach(() => {
    problems = [];
  });
  after(() => world?.stop());

  async function make(type: keyof typeof resources, inputs: Record<string, unknown>): Promise<Record<string, unknown>> {
    return (await resources[type].create({ type, name: "connected", region, inputs }, world)).outputs;
  }

  /** A function of its own role, which may read every stream, write its log, and do what else is given. */
  async function newFunction(code: string, ...statements: object[]): Promise<string> {
    const stream = ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"];
    const read = { Effect: "Allow", Action: stream.map((action) => `dynamodb:${action}`), Resource: "*" };
    const log = ["CreateLogGroup", "CreateLogStream", "PutLogEvents"];
    const write = { Effect: "Allow", Action: log.map((action) => `logs:${action}`), Resource: "*" };
    const { name: role, arn } = await make("aws:iam/role:Role", { assumeRolePolicy: trust });
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: [read, write, ...statements] });
    await make("aws:iam/rolePolicy:RolePolicy", { role, policy });
    const { name } = await make("aws:lambda/function:Function", {
      runtime: "nodejs24.x",
      handler: "index.handler",
      role: arn,
      code: new pulumi.asset.AssetArchive({ "index.mjs": new pulumi.asset.StringAsset(code) }),
    });
    return String(name);
  }

  let tables = 0;
  async function newTable() {
    tables += 1;
    const TableName = `connected-${process.pid}-${tables}`;
    const { TableDescription } = await clients.dynamodb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
      }),
    );
    const put = (id: string) => clients.dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: id } } }));
    return { streamArn: TableDescription!.LatestStreamArn!, put };
  }

  const map = async (inputs: Record<string, unknown>) => {
    const type = "aws:lambda/eventSourceMapping:EventSourceMapping";
    const { uuid } = await make(type, { startingPosition: "TRIM_HORIZON", ...inputs });
    return world.mappings.get(String(uuid))!.mapping;
  };

  it("writes what its function could not take into its bucket", async () => {
    const { bucket, arn } = await make("aws:s3/bucket:Bucket", {});
    const table = await newTable();
    const functionName = await newFunction(
      "export const handler = () => { throw new Error('never'); };",
      { Effect: "Allow", Action: "s3:ListBucket", Resource: arn },
      { Effect: "Allow", Action: "s3:PutObject", Resource: `${arn}/*` },
    );
    await table.put("a");
    const mapping = await map({
      eventSourceArn: table.streamArn,
      functionName,
      maximumRetryAttempts: 2,
      destinationConfig: { onFailure: { destinationArn: arn } },
    });
    await mapping.idle();
    expect(problems).to.deep.equal([]);
    expect(mapping.stats).to.deep.include({ failureMessages: 1, invocations: 3 });
    const Bucket = String(bucket);
    const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket, Prefix: "aws/lambda/" }));
    expect(Contents).to.have.length(1);
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket, Key: Contents[0]!.Key }));
    const { payload, requestContext } = JSON.parse(await Body!.transformToString());
    expect(requestContext).to.deep.include({ condition: "RetryAttemptsExhausted", approximateInvokeCount: 3 });
    const [record] = JSON.parse(payload).Records;
    expect(record.dynamodb.NewImage).to.deep.equal({ id: { S: "a" } });
    expect(record.eventID).to.match(/^[0-9a-f]{32}$/);
  });

  it("is refused a bucket that does not exist", async () => {
    const table = await newTable();
    const destinationArn = "arn:aws:s3:::no-such-bucket";
    const rights = [
      { Effect: "Allow", Action: "s3:ListBucket", Resource: destinationArn },
      { Effect: "Allow", Action: "s3:PutObject", Resource: `${destinationArn}/*` },
    ];
    const functionName = await newFunction("export const handler = () => {};", ...rights);
    const inputs = {
      eventSourceArn: table.streamArn,
      functionName,
      destinationConfig: { onFailure: { destinationArn } },
    };
    const error = await map(inputs).catch((reason) => reason);
    expect(error).to.be.instanceOf(UserError);
    expect(error.message).to.equal(
      "`destinationConfig.onFailure.destinationArn` is arn:aws:s3:::no-such-bucket, which the function's role cannot reach: NotFound. " +
        "The bucket must exist, and the role needs s3:ListBucket on it and s3:PutObject on its objects.",
    );
  });

  it("hands a window's state from one invocation of its function to the next", async () => {
    const table = await newTable();
    const functionName = await newFunction(`
      export const handler = (event) => {
        const ids = [...(event.state.ids ?? []), ...event.Records.map((record) => record.dynamodb.Keys.id.S)];
        if (event.isFinalInvokeForWindow) console.log("window", JSON.stringify(event.state));
        return { state: { ids } };
      };
    `);
    for (const id of ["a", "b", "c"]) await table.put(id);
    const inputs = { eventSourceArn: table.streamArn, functionName, batchSize: 2, tumblingWindowInSeconds: 900 };
    const mapping = await map(inputs);
    await mapping.idle();
    expect(mapping.stats).to.deep.include({ delivered: 3 });
    const handler = [...world.functions.values()].find(({ name }) => name === functionName);
    const seen = handler!.log.filter((line) => line.includes("window")).join("\n");
    // However the windows fall, and wherever a slow machine's ends before the next batch: each id once, in order.
    const ids = [...seen.matchAll(/"ids":\[([^\]]*)\]/g)].map(([, list]) => JSON.parse(`[${list}]`));
    expect(ids.flat()).to.deep.equal(["a", "b", "c"]);
    expect(mapping.stats.windows).to.equal(ids.length);
  });
});

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
