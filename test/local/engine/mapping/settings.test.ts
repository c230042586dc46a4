import { expect } from "chai";
import { mappingSettings } from "../../../../local/engine/mapping/settings.ts";
import { UserError } from "../../../../terminal/user-error.ts";

const required = { startingPosition: "TRIM_HORIZON" };

function problemsOf(inputs: Record<string, unknown>): string[] {
  try {
    mappingSettings({ ...required, ...inputs }, "the mapping");
  } catch (error) {
    expect(error).to.be.instanceOf(UserError);
    const [first, ...lines] = (error as Error).message.split("\n");
    expect(first).to.equal("the mapping:");
    return lines.map((line) => line.replace(/^ {2}/, ""));
  }
  return [];
}

describe("mappingSettings", () => {
  it("fills AWS's defaults in", () => {
    expect(mappingSettings(required)).to.deep.equal({
      batchSize: 100,
      maximumBatchingWindowInSeconds: 0,
      parallelizationFactor: 1,
      tumblingWindowInSeconds: 0,
      bisectBatchOnFunctionError: false,
      maximumRetryAttempts: -1,
      maximumRecordAgeInSeconds: -1,
      functionResponseTypes: [],
      startingPosition: "TRIM_HORIZON",
      filterCriteria: { filters: [] },
      destinationConfig: {},
      enabled: true,
    });
  });

  it("keeps what it is given", () => {
    const given = {
      batchSize: 10_000,
      maximumBatchingWindowInSeconds: 300,
      parallelizationFactor: 10,
      tumblingWindowInSeconds: 0,
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 0,
      maximumRecordAgeInSeconds: 60,
      functionResponseTypes: ["ReportBatchItemFailures"],
      startingPosition: "LATEST",
      filterCriteria: { filters: [{ pattern: '{"eventName":["INSERT"]}' }] },
      destinationConfig: { onFailure: { destinationArn: "arn:aws:sqs:eu-west-1:000000000000:failures" } },
      enabled: false,
    };
    const withoutMeaning = {
      kmsKeyArn: "arn",
      metricsConfig: { metrics: ["EventCount"] },
      tags: {},
      region: "eu-west-1",
    };
    const identity = { eventSourceArn: "arn", functionName: "f" };
    expect(mappingSettings({ ...given, ...withoutMeaning, ...identity })).to.deep.equal(given);
  });

  it("keeps a tumbling window", () => {
    expect(mappingSettings({ ...required, tumblingWindowInSeconds: 900 }).tumblingWindowInSeconds).to.equal(900);
  });

  it("takes a bucket whose name ends as those of FIFO queues do", () => {
    const destinationConfig = { onFailure: { destinationArn: "arn:aws:s3:::films.fifo" } };
    expect(mappingSettings({ ...required, destinationConfig }).destinationConfig).to.deep.equal(destinationConfig);
  });

  it("takes an empty destination ARN as none", () => {
    expect(
      mappingSettings({ ...required, destinationConfig: { onFailure: { destinationArn: "" } } }).destinationConfig,
    ).to.deep.equal({});
  });

  const refused: [string, Record<string, unknown>, string][] = [
    ["a batch of none", { batchSize: 0 }, "batchSize: 0 is not a whole number from 1 to 10000"],
    ["too large a batch", { batchSize: 10_001 }, "batchSize: 10001 is not a whole number from 1 to 10000"],
    ["a text for a number", { batchSize: "9" }, 'batchSize: "9" is not a whole number from 1 to 10000'],
    [
      "half a second",
      { maximumBatchingWindowInSeconds: 0.5 },
      "maximumBatchingWindowInSeconds: 0.5 is not a whole number from 0 to 300",
    ],
    [
      "too long a window",
      { maximumBatchingWindowInSeconds: 301 },
      "maximumBatchingWindowInSeconds: 301 is not a whole number from 0 to 300",
    ],
    ["too many lanes", { parallelizationFactor: 11 }, "parallelizationFactor: 11 is not a whole number from 1 to 10"],
    [
      "too many retries",
      { maximumRetryAttempts: 10_001 },
      "maximumRetryAttempts: 10001 is not a whole number from -1 to 10000",
    ],
    [
      "an age under a minute",
      { maximumRecordAgeInSeconds: 59 },
      "maximumRecordAgeInSeconds: 59 is not a whole number from 60 to 604800, or -1",
    ],
    [
      "an age of none",
      { maximumRecordAgeInSeconds: 0 },
      "maximumRecordAgeInSeconds: 0 is not a whole number from 60 to 604800, or -1",
    ],
    [
      "an age over a week",
      { maximumRecordAgeInSeconds: 604_801 },
      "maximumRecordAgeInSeconds: 604801 is not a whole number from 60 to 604800, or -1",
    ],
    ["a flag that is none", { enabled: "yes" }, 'enabled: "yes" is neither true nor false'],
    [
      "a timestamp to start at",
      { startingPosition: "AT_TIMESTAMP" },
      'startingPosition: "AT_TIMESTAMP"; use TRIM_HORIZON or LATEST',
    ],
    ["no starting position", { startingPosition: undefined }, "startingPosition: missing; use TRIM_HORIZON or LATEST"],
    [
      "an unknown response type",
      { functionResponseTypes: ["Other"] },
      'functionResponseTypes: ["Other"] is neither [] nor ["ReportBatchItemFailures"]',
    ],
    ["an unknown argument", { batchsize: 1 }, "batchsize: not an argument that the local event source mapping knows"],
    [
      "an argument for queues",
      { scalingConfig: {} },
      "scalingConfig: not an argument for a DynamoDB stream; leave it out",
    ],
    [
      "an argument for Kafka",
      { provisionedPollerConfig: {} },
      "provisionedPollerConfig: not an argument for a DynamoDB stream; leave it out",
    ],
    [
      "too long a tumbling window",
      { tumblingWindowInSeconds: 901 },
      "tumblingWindowInSeconds: 901 is not a whole number from 0 to 900",
    ],
    [
      "tumbling windows in parallel lanes",
      { tumblingWindowInSeconds: 30, parallelizationFactor: 2 },
      "parallelizationFactor: 2 does not go together with tumblingWindowInSeconds; use 1, or no tumbling window",
    ],
    [
      "six filters",
      { filterCriteria: { filters: Array(6).fill({ pattern: '{"eventName":["INSERT"]}' }) } },
      "filterCriteria.filters: 6 filters are more than the 5 that AWS allows",
    ],
    [
      "a filter without a pattern",
      { filterCriteria: { filters: [{}] } },
      'filterCriteria: {"filters":[{}]} is not {"filters": [{"pattern": "<JSON>"}, ...]}',
    ],
    [
      "too long a pattern",
      { filterCriteria: { filters: [{ pattern: `{"eventName":["${"x".repeat(4096)}"]}` }] } },
      "filterCriteria.filters[0].pattern: longer than 4096 characters",
    ],
    [
      "an invalid pattern",
      { filterCriteria: { filters: [{ pattern: '{"eventName":"INSERT"}' }] } },
      'filterCriteria.filters[0].pattern: Invalid filter pattern definition. ("eventName" is neither a list of values nor an object)',
    ],
    [
      "a stream as destination",
      { destinationConfig: { onFailure: { destinationArn: "arn:aws:kinesis:r:1:stream/s" } } },
      'destinationConfig.onFailure.destinationArn: "arn:aws:kinesis:r:1:stream/s" is not the ARN of an SQS queue, an SNS topic or an S3 bucket',
    ],
    [
      "a FIFO queue as destination",
      { destinationConfig: { onFailure: { destinationArn: "arn:aws:sqs:r:1:q.fifo" } } },
      "destinationConfig.onFailure.destinationArn: arn:aws:sqs:r:1:q.fifo is FIFO, which Lambda cannot deliver to; use a standard queue or topic",
    ],
  ];
  it("refuses a FIFO topic as destination", () => {
    const destinationArn = "arn:aws:sns:r:1:t.fifo";
    expect(problemsOf({ destinationConfig: { onFailure: { destinationArn } } })).to.deep.equal([
      "destinationConfig.onFailure.destinationArn: arn:aws:sns:r:1:t.fifo is FIFO, which Lambda cannot deliver to; use a standard queue or topic",
    ]);
  });

  for (const [name, inputs, problem] of refused) {
    it(`refuses ${name}`, () => expect(problemsOf(inputs)).to.deep.equal([problem]));
  }

  it("says all problems at once", () => {
    expect(problemsOf({ batchSize: 0, enabled: 1, topics: [] })).to.have.length(3);
  });
});
