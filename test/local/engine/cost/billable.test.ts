import { expect } from "chai";
import { billable } from "../../../../local/engine/cost/billable.ts";
import type { Principal } from "../../../../local/engine/gateway/service-call.ts";

const lambda: Principal = { kind: "function", name: "f" };
const kilobytes = (count: number, more = 0) => "x".repeat(count * 1024 + more);
const data = (bytes: number) => Buffer.alloc(bytes).toString("base64");
/** An item of so many bytes: its key is `id` and its value one letter. */
const item = (bytes: number) => ({ id: { S: "k" }, t: { S: "x".repeat(bytes - 4) } });
const queue = (name: string) => `https://sqs.us-east-1.amazonaws.com/111122223333/${name}`;

/** What is billed of a call by service and operation. */
function bill(
  what: string,
  request: unknown,
  response: unknown = {},
  { status = 200, principal = lambda }: { status?: number; principal?: Principal } = {},
) {
  const [service = "", operation = ""] = what.split(/:(.*)/);
  const wire = (value: unknown) => (Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value)));
  const call = { principal, service, region: "us-east-1", operation, path: "/", body: wire(request) };
  return billable(call, { status, body: wire(response) });
}

type Case = readonly [what: string, request: unknown, response: unknown, billed: object];

describe("what AWS bills of a call", () => {
  const table: Readonly<Record<string, readonly Case[]>> = {
    "Firehose, by record in steps of 5 KB": [
      ["firehose:PutRecord", { Record: { Data: data(0) } }, {}, { firehoseSteps: 0 }],
      ["firehose:PutRecord", { Record: { Data: data(1) } }, {}, { firehoseSteps: 1 }],
      ["firehose:PutRecord", { Record: { Data: data(5120) } }, {}, { firehoseSteps: 1 }],
      ["firehose:PutRecord", { Record: { Data: data(5121) } }, {}, { firehoseSteps: 2 }],
      [
        "firehose:PutRecordBatch",
        { Records: [1, 5120, 5121].map((n) => ({ Data: data(n) })) },
        {},
        { firehoseSteps: 4 },
      ],
      [
        "firehose:PutRecordBatch",
        { Records: [1, 5121, 5120].map((n) => ({ Data: data(n) })) },
        { RequestResponses: [{ RecordId: "1" }, { ErrorCode: "ServiceUnavailableException" }, { RecordId: "3" }] },
        { firehoseSteps: 2 },
      ],
    ],
    "SQS, by request and 64 KB of messages": [
      ["sqs:SendMessage", { QueueUrl: queue("a"), MessageBody: "" }, {}, { sqsStandardRequests: 1 }],
      ["sqs:SendMessage", { QueueUrl: queue("a.fifo"), MessageBody: kilobytes(64) }, {}, { sqsFifoRequests: 1 }],
      ["sqs:SendMessage", { QueueUrl: queue("a.fifo"), MessageBody: kilobytes(64, 1) }, {}, { sqsFifoRequests: 2 }],
      [
        "sqs:SendMessage",
        {
          QueueUrl: queue("a"),
          MessageBody: kilobytes(64, -9),
          MessageAttributes: { n: { DataType: "String", StringValue: "12" } },
        },
        {},
        { sqsStandardRequests: 1 },
      ],
      [
        "sqs:SendMessage",
        {
          QueueUrl: queue("a"),
          MessageBody: kilobytes(64, -9),
          MessageAttributes: { n: { DataType: "Binary", BinaryValue: data(3) } },
        },
        {},
        { sqsStandardRequests: 2 },
      ],
      [
        "sqs:SendMessageBatch",
        { QueueUrl: queue("a"), Entries: Array.from({ length: 10 }, () => ({ MessageBody: kilobytes(6.4) })) },
        {},
        { sqsStandardRequests: 1 },
      ],
      [
        "sqs:SendMessageBatch",
        { QueueUrl: queue("a.fifo"), Entries: Array.from({ length: 10 }, () => ({ MessageBody: kilobytes(100) })) },
        {},
        { sqsFifoRequests: 16 },
      ],
      ["sqs:ReceiveMessage", { QueueUrl: queue("a") }, {}, { sqsStandardRequests: 1 }],
      [
        "sqs:ReceiveMessage",
        { QueueUrl: queue("a") },
        { Messages: [{ Body: kilobytes(64) }, { Body: "x" }] },
        { sqsStandardRequests: 2 },
      ],
      ["sqs:DeleteMessageBatch", { QueueUrl: queue("a.fifo"), Entries: [] }, {}, { sqsFifoRequests: 1 }],
      [
        "sqs:DeleteMessage",
        Buffer.from(`Action=DeleteMessage&QueueUrl=${encodeURIComponent(queue("a.fifo"))}`),
        Buffer.from("<DeleteMessageResponse/>"),
        { sqsFifoRequests: 1 },
      ],
    ],
    "DynamoDB's writes, by item in steps of 1 KB": [
      ["dynamodb:PutItem", { Item: { id: { S: "" } } }, {}, { writeUnits: 1 }],
      ["dynamodb:PutItem", { Item: item(1024) }, {}, { writeUnits: 1 }],
      ["dynamodb:PutItem", { Item: item(1025) }, {}, { writeUnits: 2 }],
      ["dynamodb:PutItem", { Item: item(10) }, { Attributes: item(2049) }, { writeUnits: 3 }],
      ["dynamodb:DeleteItem", { Key: { id: { S: "k" } } }, {}, { writeUnits: 1 }],
      ["dynamodb:DeleteItem", { Key: { id: { S: "k" } } }, { Attributes: item(1025) }, { writeUnits: 2 }],
      [
        "dynamodb:UpdateItem",
        { Key: { id: { S: "k" } }, ExpressionAttributeValues: { ":v": { S: kilobytes(1) } } },
        {},
        { writeUnits: 2 },
      ],
      [
        "dynamodb:BatchWriteItem",
        {
          RequestItems: {
            a: [{ PutRequest: { Item: item(1025) } }, { DeleteRequest: { Key: { id: { S: "k" } } } }],
            b: [{ PutRequest: { Item: item(3000) } }],
          },
        },
        { UnprocessedItems: { b: [{ PutRequest: { Item: item(3000) } }] } },
        { writeUnits: 3 },
      ],
      [
        "dynamodb:TransactWriteItems",
        { TransactItems: [{ Put: { Item: item(1025) } }, { ConditionCheck: { Key: { id: { S: "k" } } } }] },
        {},
        { writeUnits: 6 },
      ],
    ],
    "DynamoDB's reads, in steps of 4 KB": [
      ["dynamodb:GetItem", {}, {}, { readUnits: 0.5 }],
      ["dynamodb:GetItem", { ConsistentRead: true }, { Item: item(4096) }, { readUnits: 1 }],
      ["dynamodb:GetItem", { ConsistentRead: true }, { Item: item(4097) }, { readUnits: 2 }],
      ["dynamodb:Query", {}, { Items: [item(4096), item(4097)] }, { readUnits: 1.5 }],
      ["dynamodb:Scan", { ConsistentRead: true }, { Items: [] }, { readUnits: 1 }],
      [
        "dynamodb:BatchGetItem",
        { RequestItems: { t: { Keys: [1, 2, 3, 4], ConsistentRead: true } } },
        { Responses: { t: [item(5000)] }, UnprocessedKeys: { t: { Keys: [4] } } },
        { readUnits: 4 },
      ],
      [
        "dynamodb:TransactGetItems",
        { TransactItems: [{}, {}] },
        { Responses: [{ Item: item(4097) }, {}] },
        { readUnits: 6 },
      ],
    ],
    "S3, by class": [
      ["s3:PutObject", Buffer.from("{"), {}, { s3Writes: 1 }],
      ["s3:ListObjects", {}, Buffer.from("<x/>"), { s3Writes: 1 }],
      ["s3:GetObject", {}, Buffer.from("{not json"), { s3Reads: 1 }],
      ["s3:HeadObject", {}, {}, { s3Reads: 1 }],
      ["s3:DeleteObjects", {}, {}, {}],
    ],
    "SNS, by 64 KB": [
      ["sns:Publish", Buffer.from("Action=Publish&Version=1&TopicArn=arn&Message="), {}, { snsPublishes: 1 }],
      ["sns:Publish", Buffer.from(`Action=Publish&TopicArn=arn&Message=${kilobytes(64)}`), {}, { snsPublishes: 1 }],
      ["sns:Publish", Buffer.from(`Action=Publish&TopicArn=arn&Message=${kilobytes(64, 1)}`), {}, { snsPublishes: 2 }],
    ],
    "nothing of what is free or unknown": [
      ["dynamodb:DescribeTable", { TableName: "t" }, {}, {}],
      ["sts:GetCallerIdentity", {}, {}, {}],
      ["sns:CreateTopic", {}, {}, {}],
    ],
  };
  for (const [title, cases] of Object.entries(table))
    it(title, () => {
      for (const [what, request, response, billed] of cases) {
        const shown = `${what} ${JSON.stringify(request).slice(0, 80)}`;
        expect(bill(what, request, response), shown).to.deep.equal(billed);
      }
    });

  it("of a condition that does not hold like the write, and of other errors nothing", () => {
    const error = (name: string, more: object = {}) => ({
      __type: `com.amazonaws.dynamodb.v20120810#${name}`,
      ...more,
    });
    const refused = (request: object, response: object, operation = "PutItem") =>
      bill(`dynamodb:${operation}`, request, response, { status: 400 });
    const put = { Item: item(1025) };
    expect(refused(put, error("ConditionalCheckFailedException"))).to.deep.equal({ writeUnits: 2 });
    expect(refused(put, error("ConditionalCheckFailedException", { Item: item(4000) }))).to.deep.equal({
      writeUnits: 4,
    });
    expect(refused(put, error("ProvisionedThroughputExceededException"))).to.deep.equal({});
    const transaction = { TransactItems: [{ Put: put }] };
    const cancelled = (Code: string) => error("TransactionCanceledException", { CancellationReasons: [{ Code }] });
    expect(refused(transaction, cancelled("ConditionalCheckFailed"), "TransactWriteItems")).to.deep.equal({
      writeUnits: 4,
    });
    expect(refused(transaction, cancelled("TransactionConflict"), "TransactWriteItems")).to.deep.equal({});
    expect(bill("sqs:SendMessage", {}, {}, { status: 503 })).to.deep.equal({});
  });

  it("of reading a stream nothing for Lambda, and each call for everybody else", () => {
    const mapping: Principal = { kind: "mapping", name: "f" };
    expect(bill("dynamodb:GetRecords", {}, {}, { principal: mapping })).to.deep.equal({});
    expect(bill("dynamodb:GetRecords", {}, {})).to.deep.equal({ streamReads: 1 });
  });
});
