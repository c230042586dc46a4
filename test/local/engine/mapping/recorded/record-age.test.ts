import { expect } from "chai";
import type { FailureRecord } from "../../../../../local/engine/mapping/give-up.ts";
import { startMapping } from "../../../../../local/engine/mapping/mapping.ts";
import { backoff } from "../../../../../local/engine/mapping/retry.ts";
import { mappingSettings } from "../../../../../local/engine/mapping/settings.ts";
import { TestClock } from "../support/clock.ts";
import { FunctionFailure, type RecordingFunction, recordingFunction } from "../support/function.ts";
import { FakeStream } from "../support/stream.ts";

// Recorded on AWS by the tests of localstack/localstack, at 8b9a79f0, in
// tests/aws/services/lambda_/event_source_mapping/test_lambda_integration_kinesis.{py,snapshot.json}, here by their
// names (R3). They are of Kinesis: for DynamoDB nobody has recorded record ages. The stream is one that knows times to
// the millisecond, as DynamoDB Local does not.

const start = 1_700_000_000_000;
const streamArn = "arn:aws:dynamodb:eu-west-1:000000000000:table/t/stream/s";

describe("recorded on AWS", () => {
  /** Runs a mapping on the stream until it is idle. */
  async function run(stream: FakeStream, consumer: RecordingFunction, inputs: Record<string, unknown>, now: number) {
    const sent: FailureRecord[] = [];
    const mapping = startMapping({
      uuid: "uuid",
      functionArn: "function",
      streamArn,
      region: "eu-west-1",
      streams: stream.client,
      settings: mappingSettings({
        startingPosition: "TRIM_HORIZON",
        maximumBatchingWindowInSeconds: 1,
        maximumRecordAgeInSeconds: 60,
        ...inputs,
      }),
      invoke: consumer.invoke,
      sendToFailureDestination: async (record) => void sent.push(record),
      backoff: (failures) => backoff(failures, 0.5),
      clock: new TestClock(now),
    });
    await mapping.idle();
    await mapping.stop();
    return sent;
  }

  function expectExpired(sent: readonly FailureRecord[], approximateInvokeCount: number): void {
    expect(sent).to.have.length(1);
    const { requestContext, DDBStreamBatchInfo, ...rest } = sent[0]!;
    expect(Object.keys(rest)).to.deep.equal(["version", "timestamp"]);
    expect(requestContext.requestId).to.be.a("string").and.not.equal("");
    expect({ ...requestContext, requestId: "" }).to.deep.equal({
      requestId: "",
      functionArn: "function",
      condition: "RecordAgeExceeded",
      approximateInvokeCount,
    });
    expect(DDBStreamBatchInfo).to.deep.equal({
      shardId: "one",
      startSequenceNumber: "100000000000000000001",
      endSequenceNumber: "100000000000000000001",
      approximateArrivalOfFirstRecord: "2023-11-14T22:13:20Z",
      approximateArrivalOfLastRecord: "2023-11-14T22:13:20Z",
      batchSize: 1,
      streamArn,
    });
  }

  let stream: FakeStream;
  beforeEach(() => {
    stream = new FakeStream();
    stream.addShard("one");
  });

  const failing = () =>
    recordingFunction(() => {
      throw new FunctionFailure("always");
    });

  describe("R3 test_kinesis_maximum_record_age_exceeded", () => {
    it("expire-while-retrying: a record that always fails is invoked eight times in the minute before it expires", async () => {
      stream.write("one", "a", start);
      const consumer = failing();
      const sent = await run(stream, consumer, { batchSize: 1, maximumRetryAttempts: -1 }, start);
      expect(consumer.calls).to.deep.equal(Array(8).fill(["a"]));
      expectExpired(sent, 8);
    });

    it("expire-before-ingestion: a record that is too old when it is read counts one invocation, of none", async () => {
      stream.write("one", "a", start);
      const consumer = failing();
      const sent = await run(stream, consumer, { batchSize: 1, maximumRetryAttempts: 0 }, start + 80_000);
      expect(consumer.calls).to.deep.equal([]);
      expectExpired(sent, 1);
    });
  });

  describe("R3 test_kinesis_maximum_record_age_exceeded_discard_records", () => {
    it("of a batch, only the head that has expired is discarded", async () => {
      stream.write("one", "old", start);
      const young = ["1", "2", "3", "4", "5"];
      for (const key of young) stream.write("one", key, start + 80_000);
      const consumer = recordingFunction();
      const sent = await run(stream, consumer, { batchSize: 10, maximumRetryAttempts: 0 }, start + 80_000);
      expect(consumer.accepted()).to.deep.equal(young);
      expectExpired(sent, 1);
    });
  });
});
