import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { physicalName } from "../../../local/engine/aws.ts";
import { type Engine, up } from "../../../local/engine/engine.ts";
import { accept, acceptOnly, type Registration } from "../../../local/engine/resource.ts";
import { calls, resources } from "../../../local/engine/resources.ts";
import { UserError } from "../../../terminal/user-error.ts";
import { sharedDynamoDb } from "../../support/dynamodb.ts";

const registration = (inputs: Record<string, unknown>, name = "films"): Registration => ({
  type: "t",
  name,
  region: "eu-west-1",
  inputs,
});

describe("resources on this machine", () => {
  let engine: Engine;
  let outputs: Record<string, string>;
  before(async () => {
    const { endpoint } = await sharedDynamoDb();
    engine = await up({ root: "test/fixtures/programs", program: "everything.ts", dynamoDbEndpoint: endpoint });
    outputs = engine.outputs as Record<string, string>;
  });
  after(() => engine?.down());

  it("have outputs like AWS's", () => {
    const { AWS_ENDPOINT_URL: gateway } = engine.environment;
    const seven = "[0-9a-f]{7}";
    const expected: Record<string, string> = {
      bucket: `staging-${seven}`,
      bucketArn: `arn:aws:s3:::staging-${seven}`,
      fifoUrl: `${gateway}/000000000000/events-${seven}\\.fifo`,
      fifoArn: `arn:aws:sqs:eu-west-1:000000000000:events-${seven}\\.fifo`,
      fixedUrl: `${gateway}/000000000000/fixed-name`,
      awayArn: `arn:aws:dynamodb:us-west-2:000000000000:table/away-${seven}`,
      elsewhereArn: `arn:aws:sqs:eu-north-1:000000000000:elsewhere-${seven}`,
      elsewhereUrl: `${gateway}/000000000000/elsewhere-${seven}`,
      password: "[A-Za-z0-9]{16}",
      saltHex: "[0-9a-f]{16}",
      secretArn: `arn:aws:secretsmanager:eu-west-1:000000000000:secret:login-${seven}-[0-9a-f]{6}`,
      logGroupArn: `arn:aws:logs:eu-west-1:000000000000:log-group:log-${seven}`,
      roleArn: `arn:aws:iam::000000000000:role/reader-${seven}`,
      vpcId: "vpc-[0-9a-f]{17}",
    };
    for (const [name, pattern] of Object.entries(expected))
      expect(outputs[name], name).to.match(new RegExp(`^${pattern}$`));
    expect(outputs.versionOf).to.equal(outputs.secretArn);
    expect(outputs.password?.match(/[0-9]/g)).to.have.length.at.least(2);
    expect(JSON.parse(outputs.trust ?? "")).to.deep.equal({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: ["lambda.amazonaws.com"] }, Action: ["sts:AssumeRole"] }],
    });
    const { zones, region, account, partition } = outputs;
    expect({ zones, region, account, partition }).to.deep.equal({
      zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
      region: "eu-west-1",
      account: "000000000000",
      partition: "aws",
    });
  });

  it("are really there", async () => {
    const { sqs, s3 } = engine.clients;
    const attributes = async (QueueUrl: string | undefined, client = sqs) =>
      (await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }))).Attributes;
    expect(await attributes(outputs.fifoUrl)).to.include({
      FifoQueue: "true",
      FifoThroughputLimit: "perMessageGroupId",
      QueueArn: outputs.fifoArn,
    });
    expect(JSON.parse((await attributes(outputs.fixedUrl))?.RedrivePolicy ?? "")).to.deep.equal({
      deadLetterTargetArn: outputs.fifoArn,
      maxReceiveCount: 3,
    });
    const north = engine.clientsFor("eu-north-1").sqs;
    expect(await attributes(outputs.elsewhereUrl, north)).to.include({ QueueArn: outputs.elsewhereArn });

    const { Table } = await engine
      .clientsFor("us-west-2")
      .dynamodb.send(new DescribeTableCommand({ TableName: outputs.awayArn }));
    expect(Table?.TableArn).to.equal(outputs.awayArn);
    expect(Table?.KeySchema).to.deep.equal([
      { AttributeName: "id", KeyType: "HASH" },
      { AttributeName: "n", KeyType: "RANGE" },
    ]);
    expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName)).to.deep.equal(["by-n"]);
    expect(Table?.ProvisionedThroughput?.ReadCapacityUnits).to.equal(5);

    await s3.send(new PutObjectCommand({ Bucket: outputs.bucket, Key: "a/b", Body: "text" }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: outputs.bucket, Key: "a/b" }));
    expect(await Body?.transformToString()).to.equal("text");
  });

  it("have names like Pulumi's, within AWS's limits", () => {
    const rules = { limit: 20, suffix: ".fifo", lowerCase: true };
    expect(physicalName(registration({}, "Films"), rules)).to.match(/^films-[0-9a-f]{7}\.fifo$/);
    expect(physicalName(registration({ name: "Given" }), rules)).to.equal("Given");
    expect(physicalName(registration({ namePrefix: "pre" }), rules)).to.match(/^pre[0-9a-f]{7}\.fifo$/);
    expect(() => physicalName(registration({}, "much-too-long-a-name"), rules)).to.throw(
      UserError,
      /^the name made for it, much-.* is longer than the 20 characters/,
    );
  });

  it("refuse arguments that nobody thought of", () => {
    const given = registration({ a: 1, b: undefined, region: "eu-west-1", colour: "red", size: 3 });
    expect(() => accept<{ a: number; b?: number }>(given, { used: ["a"], ignored: ["b"] })).to.throw(
      UserError,
      /^`colour`, `size` have no equivalent on this machine yet\. Leave it out of this stack, or say in the resource's file/,
    );
    expect(() => acceptOnly({ enabled: true, kind: 1 }, "ttl", ["enabled"])).to.throw(
      UserError,
      /^`ttl\.kind` has no equivalent/,
    );
    expect(accept<{ a: number }>(registration({ a: 1 }), { used: ["a"] })).to.deep.equal({ a: 1 });
  });

  it("are in tables that are sorted by type", () => {
    for (const table of [resources, calls]) expect(Object.keys(table)).to.deep.equal(Object.keys(table).sort());
  });
});
