import { expect } from "chai";
import { deliveryEvents, type EngineEvent, withEvents } from "../../../local/engine/events.ts";
import type { Invocation } from "../../../local/engine/invocation.ts";
import { startMapping } from "../../../local/engine/mapping/mapping.ts";
import { mappingSettings } from "../../../local/engine/mapping/settings.ts";
import { eventLine } from "../../../local/run/output.ts";
import { TestClock } from "./mapping/support/clock.ts";
import { FakeStream } from "./mapping/support/stream.ts";

const newYear = Date.parse("2024-01-01T00:00:00Z");

describe("what a person is told of a mapping's batches", () => {
  /** Delivers the changes a and b one after the other, and answers with the lines that are told. */
  async function lines(
    inputs: Record<string, unknown>,
    answer: (call: number) => Partial<Invocation>,
  ): Promise<string[]> {
    const events: EngineEvent[] = [];
    const stream = new FakeStream();
    stream.addShard("one");
    let calls = 0;
    const options = {
      uuid: "uuid",
      functionArn: "function",
      streamArn: "arn:aws:dynamodb:ddblocal:000000000000:table/t/stream/s",
      region: "eu-west-1",
      streams: stream.client,
      settings: mappingSettings({ startingPosition: "TRIM_HORIZON", maximumRetryAttempts: 2, batchSize: 1, ...inputs }),
      invoke: async () => ({ payload: null, functionError: null, requestId: "r", ...answer(++calls) }),
      clock: new TestClock(newYear),
    };
    const mapping = startMapping(withEvents("films", (event) => events.push(event), options));
    for (const key of ["a", "b"]) {
      stream.write("one", key, newYear);
      await mapping.idle();
    }
    await mapping.stop();
    return events.map(eventLine);
  }

  const reporting = { functionResponseTypes: ["ReportBatchItemFailures"] };
  const gaveUp = (sequence: string) =>
    `films: gave up 1 record after 3 attempts (RetryAttemptsExhausted): ${sequence} to ${sequence} of one. There is no message about them, as the mapping has no on-failure destination`;
  const [first, second] = ["100000000000000000001", "100000000000000000002"];

  for (const payload of ["done", 1, { batchItemFailures: "x" }]) {
    it(`an answer that says nothing, once as long as it stays the same, and what is dropped: ${JSON.stringify(payload)}`, async () => {
      const reason = `its answer ${JSON.stringify(payload)} does not say which items failed, as ReportBatchItemFailures needs it`;
      expect(await lines(reporting, () => ({ payload }))).to.deep.equal([
        `films: a batch of 1 record failed: ${reason}`,
        gaveUp(first),
        gaveUp(second),
      ]);
    });
  }

  it("the same failure again after a success", async () => {
    const failed = { payload: { errorType: "Error", errorMessage: "no" }, functionError: "Unhandled" };
    expect(await lines({}, (call) => (call === 1 || call === 3 ? failed : {}))).to.deep.equal([
      "films: a batch of 1 record failed: Error: no",
      "films: a batch of 1 record failed: Error: no",
    ]);
  });

  it("a tumbling window that is not completed because an answer has no state", async () => {
    const answer = (call: number) => ({ payload: call % 3 === 2 ? {} : { state: {} } });
    expect(await lines({ tumblingWindowInSeconds: 60 }, answer)).to.deep.equal([
      "films: the last invocation of a window failed: its answer {} has no `state`, which a tumbling window needs",
      "films: the last invocation of a window failed: its answer {} has no `state`, which a tumbling window needs",
    ]);
  });
});

describe("what a person is told of deliveries that fail", () => {
  it("is the reason, once as long as it stays the same", () => {
    const told: string[] = [];
    const tell = deliveryEvents((event) => told.push(eventLine(event)));
    const error = (stream: string, message: string) => ({
      deliveryStreamARN: `arn:aws:firehose:eu-west-1:000000000000:deliverystream/${stream}`,
      deliveryStreamVersionId: 1,
      destination: "jdbc:redshift://host:5439/dev",
      errorCode: "Redshift.DataLoadFailed",
      message,
      objects: ["a"],
      time: "2024-01-01T00:00:00.000Z",
    });
    for (const message of ["no table", "no table", "no right"]) tell(error("films", message));
    tell(error("others", "no table"));
    expect(told).to.deep.equal([
      "films: a delivery failed (Redshift.DataLoadFailed): no table",
      "films: a delivery failed (Redshift.DataLoadFailed): no right",
      "others: a delivery failed (Redshift.DataLoadFailed): no table",
    ]);
  });
});
