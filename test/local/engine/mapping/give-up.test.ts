import { expect } from "chai";
import { type FailureRecord, failureRecord, giveUpWith } from "../../../../local/engine/mapping/give-up.ts";
import { newStats } from "../../../../local/engine/mapping/stats.ts";
import { TestClock } from "./support/clock.ts";

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

describe("giveUpWith", () => {
  const event = { Records: [] };

  /** Gives so many records up; `send` is what sends the message, if anything does. */
  async function giveUp(count: number, send?: (record: FailureRecord, event: unknown) => Promise<void>) {
    const stats = newStats();
    const dropped: FailureRecord[] = [];
    const problems: unknown[] = [];
    const givenUp = {
      condition: "RetryAttemptsExhausted",
      records: records.slice(0, count),
      attempts: 2,
      requestId: "r",
      functionError: "Unhandled",
    } as const;
    await giveUpWith({
      source,
      send,
      onDrop: (record) => dropped.push(record),
      clock: new TestClock(now),
      stats,
      report: (what, cause) => problems.push([what, cause]),
    })(givenUp, event);
    const { failureMessages, recordsInFailureMessages, droppedRecords } = stats;
    const message = failureRecord(givenUp, source, now);
    return { message, counts: [failureMessages, recordsInFailureMessages, droppedRecords], dropped, problems };
  }

  it("sends the message with the event, and counts it and its records", async () => {
    const sent: unknown[] = [];
    const result = await giveUp(2, async (...message) => void sent.push(message));
    expect(sent).to.deep.equal([[result.message, event]]);
    expect(result).to.deep.include({ counts: [1, 2, 0], dropped: [], problems: [] });
  });

  it("drops the records where there is no destination, and says which message nobody gets", async () => {
    const { message, ...result } = await giveUp(2);
    expect(result).to.deep.equal({ counts: [0, 0, 2], dropped: [message], problems: [] });
  });

  for (const [count, what] of [
    [1, "1 record"],
    [2, "2 records"],
  ] as const)
    it(`drops and reports ${what} whose message cannot be sent`, async () => {
      const cause = new Error("no such queue");
      const { counts, problems } = await giveUp(count, () => Promise.reject(cause));
      expect(counts).to.deep.equal([0, 0, count]);
      expect(problems).to.deep.equal([[`dropped ${what}: the failure message could not be sent`, cause]]);
    });
});
