import { expect } from "chai";
import { failureRecord } from "../../../../local/engine/mapping/give-up.ts";

const source = {
  functionArn: "arn:aws:lambda:us-east-2:123456789012:function:consumer",
  eventSourceArn: "arn:aws:dynamodb:us-east-2:123456789012:table/mytable/stream/2019-11-14T00:04:06.388",
  shardId: "shardId-00000001573689847184-864758bb",
};
const records = [
  { sequenceNumber: "800000000003126276362", createdAt: Date.parse("2019-11-14T00:13:19Z") },
  { sequenceNumber: "800000000003126276364", createdAt: Date.parse("2019-11-14T00:13:21Z") },
];
const now = Date.parse("2019-11-14T00:38:06.021Z");

describe("failureRecord", () => {
  it("recorded: exhausted retries, field by field and in this order", () => {
    const givenUp = {
      condition: "RetryAttemptsExhausted",
      records,
      attempts: 2,
      requestId: "r",
      functionError: "Unhandled",
    } as const;
    expect(JSON.stringify(failureRecord(givenUp, source, now))).to.equal(
      JSON.stringify({
        requestContext: {
          requestId: "r",
          functionArn: source.functionArn,
          condition: "RetryAttemptsExhausted",
          approximateInvokeCount: 2,
        },
        responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
        version: "1.0",
        timestamp: "2019-11-14T00:38:06.021Z",
        DDBStreamBatchInfo: {
          shardId: source.shardId,
          startSequenceNumber: "800000000003126276362",
          endSequenceNumber: "800000000003126276364",
          approximateArrivalOfFirstRecord: "2019-11-14T00:13:19Z",
          approximateArrivalOfLastRecord: "2019-11-14T00:13:21Z",
          batchSize: 2,
          streamArn: source.eventSourceArn,
        },
      }),
    );
  });

  it("recorded: exhausted partial responses have a functionError that is null", () => {
    const givenUp = {
      condition: "RetryAttemptsExhausted",
      records,
      attempts: 4,
      requestId: "r",
      functionError: null,
    } as const;
    expect(failureRecord(givenUp, source, now).responseContext).to.deep.equal({
      statusCode: 200,
      executedVersion: "$LATEST",
      functionError: null,
    });
  });

  for (const [attempts, count] of [
    [8, 8],
    [0, 1],
  ] as const) {
    it(`recorded: records that expired after ${attempts} invocations have no responseContext and count ${count}`, () => {
      const givenUp = {
        condition: "RecordAgeExceeded",
        records,
        attempts,
        requestId: "r",
        functionError: "Unhandled",
      } as const;
      const record = failureRecord(givenUp, source, now);
      expect(record).to.not.have.property("responseContext");
      expect(record.requestContext).to.deep.include({ condition: "RecordAgeExceeded", approximateInvokeCount: count });
    });
  }
});
