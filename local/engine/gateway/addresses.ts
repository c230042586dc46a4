import { account } from "../aws.ts";
import type { ServiceCall } from "./service-call.ts";

// The emulators have addresses of their own: DynamoDB Local says that every table is in the Region `ddblocal`, and
// fauxqs builds queue URLs from its own host and reads the Region from the host's name. Callers see the stack's Region
// and the gateway's address only.

const arns = /"(TableName|StreamArn|ExclusiveStartStreamArn|ResourceArn)":\s*"arn:aws:dynamodb:[a-z0-9-]+:/g;
const tableArns = /"TableName":\s*"arn:aws:dynamodb:[^"/]*:table[/]([^"/]+)"/g;
const queueUrl = /"QueueUrl":\s*"https?:[/][/][^/"]+[/]\d+[/]/;
const emulatorQueueUrls = /"http:[/][/]sqs[.][a-z0-9-]+[.]localhost(:\d+)?[/]/g;
const describing = new Set([
  "CreateTable",
  "DescribeTable",
  "UpdateTable",
  "DeleteTable",
  "DescribeStream",
  "ListStreams",
  "GetRecords",
]);

const namingQueues = new Set(["CreateQueue", "GetQueueUrl", "ListQueues", "ListDeadLetterSourceQueues"]);

/** In what belongs to a batch, these members have the tables' names or ARNs as keys. */
const byTable = ["RequestItems", "UnprocessedItems", "UnprocessedKeys", "Responses", "ItemCollectionMetrics"];

/** The ARN of a table or stream as DynamoDB Local knows it. */
export function emulatorArn(arn: string): string {
  return arn.replace(/^arn:aws:dynamodb:[a-z0-9-]+:/, "arn:aws:dynamodb:ddblocal:");
}

/** The request's body with the emulator's own addresses in it. */
export function toEmulator({ service, region, operation, body }: ServiceCall): Buffer {
  if (service === "dynamodb" && body.includes("arn:aws:dynamodb:")) {
    const text = body.toString("utf8");
    if (isBatch(operation)) return renameTables(text, tableName);
    // DynamoDB Local knows no ARNs in batches and transactions.
    if (operation.startsWith("Transact")) return Buffer.from(text.replace(tableArns, '"TableName":"$1"'));
    return Buffer.from(text.replace(arns, '"$1":"arn:aws:dynamodb:ddblocal:'));
  }
  if (service === "sqs" && body.includes('"QueueUrl"')) {
    const emulatorUrl = `"QueueUrl":"http://sqs.${region}.localhost/${account}/`;
    return Buffer.from(body.toString("utf8").replace(queueUrl, emulatorUrl));
  }
  return body;
}

/** The response's body with the addresses that callers know. Item data is never touched: it cannot have these forms. */
export function fromEmulator(call: ServiceCall, gateway: string, body: Buffer): Buffer {
  const { service, operation, region } = call;
  if (service === "dynamodb" && describing.has(operation) && body.includes("ddblocal")) {
    const text = body.toString("utf8");
    return Buffer.from(
      operation === "GetRecords"
        ? text.replaceAll('"awsRegion":"ddblocal"', `"awsRegion":"${region}"`)
        : text.replaceAll('"arn:aws:dynamodb:ddblocal:', `"arn:aws:dynamodb:${region}:`),
    );
  }
  if (service === "dynamodb" && isBatch(operation) && call.body.includes("arn:aws:dynamodb:")) {
    const asked = Object.keys(JSON.parse(call.body.toString("utf8")).RequestItems ?? {});
    const names = new Map(asked.map((table) => [tableName(table), table]));
    return renameTables(body.toString("utf8"), (table) => names.get(table) ?? table);
  }
  if (service === "sqs" && namingQueues.has(operation)) {
    return Buffer.from(body.toString("utf8").replace(emulatorQueueUrls, `"${gateway}/`));
  }
  return body;
}

function isBatch(operation: string): boolean {
  return operation === "BatchWriteItem" || operation === "BatchGetItem";
}

/** DynamoDB's JSON has no numbers of its own in items, so parsing it loses nothing. */
function renameTables(text: string, rename: (table: string) => string): Buffer {
  const message = JSON.parse(text);
  for (const member of byTable) {
    const tables = Object.entries(message[member] ?? {}).map(([table, entries]) => [rename(table), entries]);
    if (member in message) message[member] = Object.fromEntries(tables);
  }
  return Buffer.from(JSON.stringify(message));
}

function tableName(nameOrArn: string): string {
  return nameOrArn.replace(/^arn:aws:dynamodb:[^/]*:table[/]/, "");
}
