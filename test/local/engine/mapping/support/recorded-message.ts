import type { DynamoDBStreamEvent } from "aws-lambda";
import { expect } from "chai";
import { functionArn } from "./recorded.ts";

/** Times with and without milliseconds. */
const precise = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const wholeSeconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** The message about one record, as recorded, field by field and in this order. */
export function expectMessage(
  text: string,
  event: DynamoDBStreamEvent,
  expected: { count: number; requestId: string; functionError: string | null },
): void {
  const message = JSON.parse(text);
  const sequenceNumber = event.Records[0]!.dynamodb!.SequenceNumber;
  const { timestamp } = message;
  const { shardId, approximateArrivalOfFirstRecord: arrival } = message.DDBStreamBatchInfo;
  expect(timestamp).to.match(precise);
  expect(arrival).to.match(wholeSeconds);
  expect(shardId).to.match(/^shardId-\d{20}-[0-9a-f]{8}$/);
  expect(text).to.equal(
    JSON.stringify({
      requestContext: {
        requestId: expected.requestId,
        functionArn,
        condition: "RetryAttemptsExhausted",
        approximateInvokeCount: expected.count,
      },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: expected.functionError },
      version: "1.0",
      timestamp,
      DDBStreamBatchInfo: {
        shardId,
        startSequenceNumber: sequenceNumber,
        endSequenceNumber: sequenceNumber,
        approximateArrivalOfFirstRecord: arrival,
        approximateArrivalOfLastRecord: arrival,
        batchSize: 1,
        streamArn: event.Records[0]!.eventSourceARN,
      },
    }),
  );
}
