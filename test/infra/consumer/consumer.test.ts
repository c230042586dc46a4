import { expect } from "chai";
import { type Graph, graph } from "../../support/graph.ts";

const account = "111122223333";
const stream = `arn:aws:dynamodb:us-east-1:${account}:table/fanout-table-1234567/stream/2026-01-01T00:00:00.000`;
const queueArn = (name: string) => `arn:aws:sqs:us-east-1:${account}:${name}`;

describe("the consumers of the dev stack", () => {
  let dev: Graph;
  before(async () => {
    dev = await graph({ stack: "dev" });
  });

  it("has three mappings that bisect, report batch item failures and send what fails to a queue of their own", () => {
    const common = {
      eventSourceArn: stream,
      batchSize: 100,
      maximumBatchingWindowInSeconds: 0,
      parallelizationFactor: 1,
      maximumRetryAttempts: 5,
      maximumRecordAgeInSeconds: 43_200,
      bisectBatchOnFunctionError: true,
      startingPosition: "TRIM_HORIZON",
      enabled: true,
      functionResponseTypes: ["ReportBatchItemFailures"],
    };
    const expected = (name: string, own: object = {}) => ({
      ...common,
      functionName: `arn:aws:lambda:us-east-1:${account}:function:fanout-${name}-function-1234567`,
      destinationConfig: { onFailure: { destinationArn: queueArn(`fanout-${name}-failures-1234567`) } },
      ...own,
    });
    const mappings = dev.of("aws:lambda/eventSourceMapping:EventSourceMapping");
    expect(Object.fromEntries(mappings.map(({ name, inputs }) => [name, inputs]))).to.deep.equal({
      "fanout-warehouse-mapping": expected("warehouse", {
        batchSize: 1000,
        maximumBatchingWindowInSeconds: 10,
      }),
      "fanout-events-mapping": expected("events"),
      "fanout-copy-mapping": expected("copy"),
    });
  });

  it("keeps a mapping where it is when only its start changes: AWS refuses a second one of its function", () => {
    for (const { ignoreChanges } of dev.of("aws:lambda/eventSourceMapping:EventSourceMapping"))
      expect(ignoreChanges).to.deep.equal(["startingPosition"]);
  });

  it("grants before it publishes, so that a function never sends what it may not", () => {
    for (const name of ["warehouse", "events", "copy"])
      expect(dev.named(`fanout-${name}-function`).waitsFor).to.include(`fanout-${name}-policy`);
  });

  it("maps only when the role may read, the failure queue is there and the destination is ready", () => {
    expect(dev.named("fanout-events-mapping").waitsFor).to.include.members([
      "fanout-events-policy",
      "fanout-events-failures",
      "fanout-events-failures-policy",
      "fanout-events-queue",
    ]);
    expect(dev.named("fanout-copy-mapping").waitsFor).to.include.members(["fanout-copy-policy", "fanout-copy-replica"]);
  });

  it("has functions for Node 24 on arm64 with JSON logs in a group that forgets", async () => {
    const { inputs } = dev.named("fanout-events-function");
    const { code, ...rest } = inputs;
    expect(rest).to.deep.equal({
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      role: `arn:aws:iam::${account}:role/fanout-events-role-1234567`,
      memorySize: 512,
      timeout: 900,
      environment: {
        variables: {
          DESTINATIONS: JSON.stringify({
            events: {
              kind: "sqs",
              settings: {
                queueUrl: `https://sqs.us-east-1.amazonaws.com/${account}/fanout-events-queue-1234567.fifo`,
                fifo: true,
                images: "typed",
                claims: { bucket: "fanout-events-claims-1234567", prefix: "claims/" },
              },
            },
          }),
          NODE_OPTIONS: "--enable-source-maps",
        },
      },
      loggingConfig: {
        logFormat: "JSON",
        applicationLogLevel: "INFO",
        systemLogLevel: "INFO",
        logGroup: "fanout-events-log-1234567",
      },
    });
    const { assets } = code as { assets: Promise<Record<string, unknown>> };
    expect(Object.keys(await assets)).to.have.members(["index.mjs", "index.mjs.map"]);
    expect(dev.named("fanout-events-log").inputs).to.deep.equal({ retentionInDays: 7 });
    expect(dev.named("fanout-warehouse-log").inputs).to.deep.equal({ retentionInDays: 30 });
  });

  it("tells each function its own destination and nothing else", () => {
    const environments = dev.of("aws:lambda/function:Function").flatMap(({ name, inputs }) => {
      const { DESTINATIONS } = (inputs.environment as { variables: Record<string, string> }).variables;
      return DESTINATIONS === undefined ? [] : [[name, JSON.parse(DESTINATIONS)]];
    });
    expect(Object.fromEntries(environments)).to.deep.include({
      "fanout-warehouse-function": {
        warehouse: {
          kind: "redshift",
          settings: {
            deliveryStreamName: "fanout-warehouse-stream-1234567",
            images: "typed",
            maxStringBytes: 65_535,
            claims: { bucket: "fanout-warehouse-staging-1234567", prefix: "claims/" },
          },
        },
      },
      "fanout-copy-function": {
        copy: { kind: "replica", settings: { tableName: "fanout-copy-replica-1234567", tombstoneDays: 15 } },
      },
    });
  });

  it("gives each role exactly what its function needs", () => {
    const { role, policy } = dev.named("fanout-events-policy").inputs;
    expect(role).to.equal("fanout-events-role-1234567");
    const allow = (Sid: string, Action: string[], Resource: string) => ({
      Sid,
      Effect: "Allow",
      Action,
      Resource: [Resource],
    });
    expect(JSON.parse(String(policy))).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        allow("ReadStream", ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"], stream),
        allow("FindStream", ["dynamodb:ListStreams"], "*"),
        allow(
          "WriteLog",
          ["logs:CreateLogStream", "logs:PutLogEvents"],
          `arn:aws:logs:us-east-1:${account}:log-group:fanout-events-log-1234567:*`,
        ),
        allow("ReportFailures", ["sqs:SendMessage"], queueArn("fanout-events-failures-1234567")),
        allow("Deliver0", ["sqs:SendMessage"], queueArn("fanout-events-queue-1234567.fifo")),
        allow("Deliver1", ["s3:PutObject"], "arn:aws:s3:::fanout-events-claims-1234567/claims/*"),
      ],
    });
    const grants = (name: string) => JSON.parse(String(dev.named(name).inputs.policy)).Statement.slice(4);
    expect(grants("fanout-copy-policy")).to.deep.equal([
      allow(
        "Deliver0",
        ["dynamodb:PutItem"],
        `arn:aws:dynamodb:us-east-1:${account}:table/fanout-copy-replica-1234567`,
      ),
    ]);
    expect(grants("fanout-warehouse-policy")).to.deep.equal([
      allow(
        "Deliver0",
        ["firehose:PutRecordBatch"],
        `arn:aws:firehose:us-east-1:${account}:deliverystream/fanout-warehouse-stream-1234567`,
      ),
      allow("Deliver1", ["s3:PutObject"], "arn:aws:s3:::fanout-warehouse-staging-1234567/claims/*"),
    ]);
  });

  it("keeps what fails for 14 days, in standard queues", () => {
    for (const name of ["warehouse", "events", "copy"])
      expect(dev.named(`fanout-${name}-failures`, "aws:sqs/queue:Queue").inputs).to.deep.equal({
        messageRetentionSeconds: 1_209_600,
        maxMessageSize: 1_048_576,
        sqsManagedSseEnabled: true,
      });
  });
});
