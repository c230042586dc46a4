import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { resources } from "../../../../../local/engine/resources.ts";
import { UserError } from "../../../../../terminal/user-error.ts";
import { RecordedAws, region } from "../support/recorded.ts";

// Recorded on AWS by the tests of localstack/localstack, at 8b9a79f0, in tests/aws/services/lambda_/event_source_mapping/
// test_lambda_integration_dynamodbstreams.{py,snapshot.json}, here by their names (R1).

const document = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
const trust = document({
  Effect: "Allow",
  Principal: { Service: "lambda.amazonaws.com" },
  Action: "sts:AssumeRole",
});
const readStreams = document({
  Effect: "Allow",
  Action: ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"].map((action) => `dynamodb:${action}`),
  Resource: "*",
});

describe("recorded on AWS", () => {
  let aws: RecordedAws;
  let functionName: string;
  before(async () => {
    aws = await RecordedAws.start();
    const code = new pulumi.asset.AssetArchive({
      "index.mjs": new pulumi.asset.StringAsset("export const handler = () => {};"),
    });
    const { name: roleName, arn: role } = await make("aws:iam/role:Role", { assumeRolePolicy: trust });
    await make("aws:iam/rolePolicy:RolePolicy", { role: roleName, policy: readStreams });
    const { name } = await make("aws:lambda/function:Function", {
      runtime: "nodejs24.x",
      handler: "index.handler",
      role,
      code,
    });
    functionName = String(name);
  });
  after(() => aws?.stop());

  async function make(type: keyof typeof resources, inputs: Record<string, unknown>) {
    return (await resources[type].create({ type, name: "recorded", region, inputs }, aws.world)).outputs;
  }
  const mapping = (eventSourceArn: string, inputs: Record<string, unknown> = {}) =>
    make("aws:lambda/eventSourceMapping:EventSourceMapping", {
      eventSourceArn,
      functionName,
      startingPosition: "TRIM_HORIZON",
      ...inputs,
    });
  async function refusal(promise: Promise<unknown>): Promise<string> {
    const error = await promise.then(
      () => expect.fail("it was made"),
      (reason) => reason,
    );
    expect(error).to.be.instanceOf(UserError);
    return error.message;
  }

  it("R1 test_esm_with_not_existing_dynamodb_stream", async () => {
    const arn = `arn:aws:dynamodb:${region}:000000000000:table/test-table-4a53f4e8/stream/2025-02-22T03:03:25.490`;
    expect(await refusal(mapping(arn))).to.equal(`Stream not found: ${arn}`);
  });

  it("R1 test_duplicate_event_source_mappings", async () => {
    const { streamArn } = await aws.newTable("id", "NEW_IMAGE");
    const { uuid } = await mapping(streamArn);
    expect(await refusal(mapping(streamArn))).to.equal(
      `ResourceConflictException: The event source arn (" ${streamArn} ") and function (" ${functionName} ") provided mapping already exists. Please update or delete the existing mapping with UUID ${uuid}`,
    );
  });

  for (const pattern of ["single-string", '[{"eventName": ["INSERT"=123}]']) {
    it(`R1 test_dynamodb_invalid_event_filter[${pattern}]`, async () => {
      const { streamArn } = await aws.newTable("id", "NEW_AND_OLD_IMAGES");
      const message = await refusal(mapping(streamArn, { filterCriteria: { filters: [{ pattern }] } }));
      expect(message).to.match(
        /^recorded:\n {2}filterCriteria\.filters\[0\]\.pattern: Invalid filter pattern definition\. /,
      );
    });
  }

  it("R1 test_disabled_dynamodb_event_source_mapping: what AWS fills in", async () => {
    const { streamArn } = await aws.newTable("id", "NEW_IMAGE");
    const { uuid, lastModified: _, ...outputs } = await mapping(streamArn, { maximumBatchingWindowInSeconds: 1 });
    const functionArn = `arn:aws:lambda:${region}:000000000000:function:${functionName}`;
    expect(outputs).to.deep.equal({
      arn: `arn:aws:lambda:${region}:000000000000:event-source-mapping:${uuid}`,
      batchSize: 100,
      bisectBatchOnFunctionError: false,
      enabled: true,
      functionArn,
      functionName,
      functionResponseTypes: [],
      lastProcessingResult: "No records processed",
      maximumBatchingWindowInSeconds: 1,
      maximumRecordAgeInSeconds: -1,
      maximumRetryAttempts: -1,
      parallelizationFactor: 1,
      startingPosition: "TRIM_HORIZON",
      state: "Enabled",
      stateTransitionReason: "User action",
      tumblingWindowInSeconds: 0,
    });
  });
});
