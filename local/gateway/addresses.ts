import { account } from "../aws.ts";

// The emulators have addresses of their own: DynamoDB Local says that every table is in the Region `ddblocal`, and
// fauxqs builds queue URLs from its own host and reads the Region from the host's name. Callers see the stack's Region
// and the gateway's address only.

const tableArns = /"(TableName|StreamArn|ExclusiveStartStreamArn|ResourceArn)":\s*"arn:aws:dynamodb:[a-z0-9-]+:/g;
const describing = new Set([
  "CreateTable",
  "DescribeTable",
  "UpdateTable",
  "DeleteTable",
  "DescribeStream",
  "ListStreams",
  "GetRecords",
]);

/** The ARN of a table or stream as DynamoDB Local knows it. */
export function emulatorArn(arn: string): string {
  return arn.replace(/^arn:aws:dynamodb:[a-z0-9-]+:/, "arn:aws:dynamodb:ddblocal:");
}

/** The request's body with the emulator's own addresses in it. */
export function toEmulator(service: string, region: string, body: Buffer): Buffer {
  if (service === "dynamodb" && body.includes("arn:aws:dynamodb:")) {
    return Buffer.from(body.toString("utf8").replace(tableArns, '"$1":"arn:aws:dynamodb:ddblocal:'));
  }
  if (service === "sqs" && body.includes('"QueueUrl"')) {
    const queueUrl = `"QueueUrl":"http://sqs.${region}.localhost/${account}/`;
    return Buffer.from(body.toString("utf8").replace(/"QueueUrl":\s*"https?:\/\/[^/"]+\/\d+\//, queueUrl));
  }
  return body;
}

/** The response's body with the addresses that callers know. Item data is never touched: it cannot have these forms. */
export function fromEmulator(
  service: string,
  operation: string,
  region: string,
  gateway: string,
  body: Buffer,
): Buffer {
  if (service === "dynamodb" && describing.has(operation) && body.includes("ddblocal")) {
    const text = body.toString("utf8");
    return Buffer.from(
      operation === "GetRecords"
        ? text.replaceAll('"awsRegion":"ddblocal"', `"awsRegion":"${region}"`)
        : text.replaceAll('"arn:aws:dynamodb:ddblocal:', `"arn:aws:dynamodb:${region}:`),
    );
  }
  if (service === "sqs" && /^(CreateQueue|GetQueueUrl|ListQueues|ListDeadLetterSourceQueues)$/.test(operation)) {
    return Buffer.from(body.toString("utf8").replace(/"http:\/\/sqs\.[a-z0-9-]+\.localhost(:\d+)?\//g, `"${gateway}/`));
  }
  return body;
}
