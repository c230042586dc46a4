import { expect } from "chai";
import { readFailure } from "../../../operate/redrive/failure-message.ts";

// As AWS's own sample shows it: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html.
const sample = {
  requestContext: {
    requestId: "316aa6d0-8154-xmpl-9af7-85d5f4a6bc81",
    functionArn: "arn:aws:lambda:us-east-2:123456789012:function:films",
    condition: "RetryAttemptsExhausted",
    approximateInvokeCount: 1,
  },
  responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
  version: "1.0",
  timestamp: "2019-11-14T00:13:49.717Z",
  DDBStreamBatchInfo: {
    shardId: "shardId-00000001573689847184-864758bb",
    startSequenceNumber: "800000000003126276362",
    endSequenceNumber: "800000000003126276375",
    approximateArrivalOfFirstRecord: "2019-11-14T00:13:19Z",
    approximateArrivalOfLastRecord: "2019-11-14T00:13:20Z",
    batchSize: 1,
    streamArn: "arn:aws:dynamodb:us-east-2:123456789012:table/mytable/stream/2019-11-14T00:04:06.388",
  },
};
const understood = {
  streamArn: sample.DDBStreamBatchInfo.streamArn,
  shardId: "shardId-00000001573689847184-864758bb",
  first: "800000000003126276362",
  last: "800000000003126276375",
  arrived: ["2019-11-14T00:13:19Z", "2019-11-14T00:13:20Z"],
  records: 1,
};
const event = { Records: [{ eventID: "1", dynamodb: { SequenceNumber: "800000000003126276362", Keys: {} } }] };
const { responseContext: _, ...expired } = sample;
const with_ = (info: object) => ({ ...sample, DDBStreamBatchInfo: { ...sample.DDBStreamBatchInfo, ...info } });

const cases: readonly (readonly [what: string, body: unknown, expected: unknown])[] = [
  ["what SQS and SNS get", sample, understood],
  [
    "of records that were too old",
    { ...expired, requestContext: { ...sample.requestContext, condition: "RecordAgeExceeded" } },
    understood,
  ],
  [
    "of a qualified function",
    {
      ...sample,
      requestContext: { ...sample.requestContext, functionArn: `${sample.requestContext.functionArn}:$LATEST` },
    },
    understood,
  ],
  [
    "of records that do not say when they were made",
    with_({ approximateArrivalOfFirstRecord: undefined, approximateArrivalOfLastRecord: null }),
    { ...understood, arrived: ["an unknown time", "an unknown time"] },
  ],
  ["wrapped by SNS", { Type: "Notification", MessageId: "1", Message: JSON.stringify(sample) }, understood],
  [
    "what S3 gets, the event as text",
    { ...sample, payload: JSON.stringify(event) },
    { ...understood, payload: event.Records },
  ],
  ["what S3 gets, the event as an object", { ...sample, payload: event }, { ...understood, payload: event.Records }],
  ["a payload that is no event", { ...sample, payload: "{}" }, { problem: "its payload is no event of a stream" }],
  ["a payload that is no JSON", { ...sample, payload: "{" }, { problem: "its payload is no event of a stream" }],
  [
    "another function's",
    {
      ...sample,
      requestContext: { ...sample.requestContext, functionArn: "arn:aws:lambda:us-east-2:123456789012:function:books" },
    },
    { problem: "it is about the function books, not films" },
  ],
  [
    "a range that ends before it begins",
    with_({ endSequenceNumber: "800000000003126276361" }),
    { problem: "its range ends at 800000000003126276361, before it begins at 800000000003126276362" },
  ],
];

const notUnderstood: readonly (readonly [what: string, body: string, problem: RegExp])[] = [
  ["text", "hello", /^it is not JSON$/],
  ["nothing", "", /^it is not JSON$/],
  ["null", "null", /^it is no failure of a DynamoDB stream's mapping/],
  ["another object", "{}", /^it is no failure of a DynamoDB stream's mapping: requestContext: /],
  [
    "a Kinesis stream's",
    JSON.stringify({ ...sample, DDBStreamBatchInfo: undefined, KinesisBatchInfo: {} }),
    /DDBStreamBatchInfo: /,
  ],
  ["without a shard", JSON.stringify(with_({ shardId: undefined })), /DDBStreamBatchInfo.shardId: /],
  [
    "an odd sequence number",
    JSON.stringify(with_({ startSequenceNumber: "12a" })),
    /DDBStreamBatchInfo.startSequenceNumber: /,
  ],
];

describe("readFailure", () => {
  for (const [what, body, expected] of cases)
    it(`reads ${what}`, () => expect(readFailure(JSON.stringify(body), "films")).to.deep.equal(expected));
  for (const [what, body, problem] of notUnderstood)
    it(`does not understand ${what}`, () =>
      expect(readFailure(body, "films")).to.have.property("problem").that.matches(problem));
});
