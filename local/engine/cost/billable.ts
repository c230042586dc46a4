import { isObject } from "../../../infra/is-object.ts";
import * as dynamodb from "./dynamodb-units.ts";
import { list, steps, sum, type Units } from "./units.ts";

type Json = Readonly<Record<string, unknown>>;

/** What is billed: a call of one of AWS's services. */
export interface BillableCall {
  /** Such as `dynamodb`. */
  readonly service: string;
  /** Such as `PutItem`. */
  readonly operation: string;
  readonly body: Buffer;
  /** Who calls: `mapping` for Lambda itself. */
  readonly principal: { readonly kind: string };
}

/** A call whose service has answered, both as far as they are JSON. */
interface Answered {
  readonly call: BillableCall;
  readonly request: Json;
  readonly response: Json;
}

type Rule = (answered: Answered) => Units;

const kilobyte = 1024;

const writes =
  (units: (request: Json, response: Json) => number): Rule =>
  ({ request, response }) => ({ writeUnits: units(request, response) });
const reads =
  (units: (request: Json, response: Json) => number): Rule =>
  ({ request, response }) => ({ readUnits: units(request, response) });
const s3Write: Rule = () => ({ s3Writes: 1 });
const s3Read: Rule = () => ({ s3Reads: 1 });
const free: Rule = () => ({});

/** A record is billed as a multiple of 5 KB. https://aws.amazon.com/firehose/pricing/ */
const firehose: Rule = ({ request, response }) => {
  const records = "Record" in request ? [request.Record] : list(request.Records);
  const answers = list(response.RequestResponses);
  const taken = records.filter((_, index) => !hasError(answers[index]));
  // A record without bytes is no step at all, as Firehose counts ingested bytes.
  const ofRecord = (record: unknown) =>
    Math.ceil(Buffer.byteLength(text(isObject(record) ? record.Data : ""), "base64") / (5 * kilobyte));
  return { firehoseSteps: sum(taken.map(ofRecord)) };
};

/** Every action is a request, and one more for each further 64 KB of its messages. https://aws.amazon.com/sqs/pricing/ */
const sqs =
  (payload: (answered: Answered) => number): Rule =>
  (answered) => {
    const requests = steps(payload(answered), 64 * kilobyte);
    const fifo = text(answered.request.QueueUrl).endsWith(".fifo");
    return fifo ? { sqsFifoRequests: requests } : { sqsStandardRequests: requests };
  };

/** A publish for each 64 KB of what is published; SNS's protocol has it in parameters. https://aws.amazon.com/sns/pricing/ */
const sns: Rule = ({ request }) => {
  const { Action, Version, TopicArn, ...published } = request;
  return { snsPublishes: steps(sum(Object.values(published).map(bytes)), 64 * kilobyte) };
};

/** What AWS bills of the calls that it bills by what they carry, by service and operation. */
const rules = {
  "dynamodb:BatchGetItem": reads(dynamodb.manyReads),
  "dynamodb:BatchWriteItem": writes(dynamodb.manyWrites),
  "dynamodb:DeleteItem": writes(dynamodb.oneWrite),
  "dynamodb:GetItem": reads(dynamodb.oneRead),
  // Lambda reads streams for nothing; everyone else pays for each call.
  "dynamodb:GetRecords": ({ call }) => (call.principal.kind === "mapping" ? {} : { streamReads: 1 }),
  "dynamodb:PutItem": writes(dynamodb.oneWrite),
  "dynamodb:Query": reads(dynamodb.pageRead),
  "dynamodb:Scan": reads(dynamodb.pageRead),
  "dynamodb:TransactGetItems": reads(dynamodb.transactedReads),
  "dynamodb:TransactWriteItems": writes(dynamodb.transactedWrites),
  "dynamodb:UpdateItem": writes(dynamodb.oneWrite),
  "firehose:PutRecord": firehose,
  "firehose:PutRecordBatch": firehose,
  "s3:CreateBucket": s3Write,
  "s3:DeleteBucket": free,
  "s3:DeleteObject": free,
  "s3:DeleteObjects": free,
  "s3:ListBuckets": s3Write,
  "s3:ListObjects": s3Write,
  "s3:POST object": s3Write,
  "s3:PutObject": s3Write,
  "sns:Publish": sns,
  "sns:PublishBatch": sns,
  "sqs:ReceiveMessage": sqs(({ response }) => sum(list(response.Messages).map(messageSize))),
  "sqs:SendMessage": sqs(({ request }) => messageSize(request)),
  "sqs:SendMessageBatch": sqs(({ request }) => sum(list(request.Entries).map(messageSize))),
} satisfies Record<string, Rule>;

/** What AWS bills of every other call of a service; nothing of those that are not here. */
const otherwise: Readonly<Record<string, Rule>> = { s3: s3Read, sqs: sqs(() => 0) };

/**
 * What AWS bills of a call. A call that is answered with an error is billed as nothing here, but for a condition of
 * DynamoDB that does not hold, which AWS says it bills like the write.
 */
export function billable(call: BillableCall, answer: { readonly status: number; readonly body: Buffer }): Units {
  const known: Readonly<Record<string, Rule>> = rules;
  const rule = known[`${call.service}:${call.operation}`] ?? otherwise[call.service];
  if (rule === undefined) return {};
  // What S3 bills does not depend on the bytes of objects, which are not worth reading for it.
  const readable = call.service !== "s3";
  const response = (readable && json(answer.body)) || {};
  if (answer.status >= 400 && !conditionFailed(response)) return {};
  const request = readable ? (json(call.body) ?? parameters(call.body)) : {};
  return rule({ call, request, response });
}

function conditionFailed({ __type: type, CancellationReasons: reasons }: Json): boolean {
  const error = text(type).split("#").at(-1);
  if (error === "ConditionalCheckFailedException") return true;
  const codes = list(reasons).map((reason) => (isObject(reason) ? reason.Code : undefined));
  return error === "TransactionCanceledException" && codes.includes("ConditionalCheckFailed");
}

/** The bytes of a message that count: its body, and its attributes with their names and types. */
function messageSize(message: unknown): number {
  if (!isObject(message)) return 0;
  const attributes = Object.entries(isObject(message.MessageAttributes) ? message.MessageAttributes : {});
  return bytes(message.MessageBody ?? message.Body) + sum(attributes.map(attributeSize));
}

function attributeSize([name, value]: [string, unknown]): number {
  const { DataType, StringValue, BinaryValue } = isObject(value) ? value : {};
  return bytes(name) + bytes(DataType) + bytes(StringValue) + Buffer.byteLength(text(BinaryValue), "base64");
}

function hasError(answer: unknown): boolean {
  return isObject(answer) && answer.ErrorCode !== undefined && answer.ErrorCode !== null;
}

/** A body that is a JSON object; undefined for any other, such as XML or an object's bytes. */
function json(body: Buffer): Json | undefined {
  if (body[0] !== 0x7b) return undefined;
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // it only began like JSON; to refuse it is up to the service
  }
}

/** The parameters of a body in the older query protocol. */
function parameters(body: Buffer): Json {
  return Object.fromEntries(new URLSearchParams(body.toString("utf8")));
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function bytes(value: unknown): number {
  return Buffer.byteLength(text(value));
}
