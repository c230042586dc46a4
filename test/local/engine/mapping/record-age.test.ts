import { expect } from "chai";
import { InvocationRefused } from "../../../../local/engine/invocation.ts";
import { expiredHead } from "../../../../local/engine/mapping/deliver.ts";
import { deliver, poisoned, start } from "./support/deliver.ts";
import { recordingFunction } from "./support/function.ts";
import { queued } from "./support/records.ts";

const now = 1_700_000_000_000;
const day = 86_400;
const aged = (...seconds: number[]) => seconds.map((age) => ({ agesFrom: now - 1000 * age }));

describe("expiredHead", () => {
  const table: [string, { agesFrom: number }[], number, number][] = [
    ["young records", aged(59, 10), 60, 0],
    ["exactly as old as allowed", aged(60), 60, 0],
    ["an old head", aged(90, 61, 60, 5), 60, 2],
    ["only the head counts", aged(5, 90), 60, 0],
    ["all old", aged(90, 80), 60, 2],
    ["no limit, within the stream's retention", aged(day), -1, 0],
    ["no limit, beyond the stream's retention", aged(day + 1, 1), -1, 1],
    ["a limit beyond the stream's retention", aged(day + 1), 604_800, 1],
  ];
  for (const [name, records, limit, expected] of table) {
    it(name, () => expect(expiredHead(records, now, limit)).to.equal(expected));
  }
});

describe("deliverBatch, as records grow old", () => {
  // recorded for Kinesis: test_kinesis_event_source_mapping_with_on_failure_destination, maximum record age
  it("recorded: a record that always fails is invoked eight times in the minute before it expires", async () => {
    const consumer = poisoned("1");
    const { givenUp } = await deliver(queued(1, start), { maximumRecordAgeInSeconds: 60 }, consumer);
    expect(consumer.calls).to.have.length(8);
    expect(givenUp).to.have.length(1);
    expect(givenUp[0]).to.deep.include({ condition: "RecordAgeExceeded", attempts: 8 });
  });

  // recorded for Kinesis: of six records, the first is 80 seconds old and the age limit is 60
  it("recorded: the expired head is carved out and the younger rest is delivered", async () => {
    const consumer = recordingFunction();
    const records = queued(6, start - 80_000, start);
    const { givenUp, settled } = await deliver(records, { maximumRecordAgeInSeconds: 60, batchSize: 10 }, consumer);
    expect(givenUp).to.have.length(1);
    expect(givenUp[0]).to.deep.include({ condition: "RecordAgeExceeded", attempts: 0, records: [records[0]] });
    expect(givenUp[0]!.requestId).to.match(/^[0-9a-f-]{36}$/);
    expect(consumer.calls).to.deep.equal([["2", "3", "4", "5", "6"]]);
    expect(settled).to.deep.equal(["1", "2", "3", "4", "5", "6"]);
  });

  it("gives records up after the stream's 24 hours, though neither retries nor age are limited", async () => {
    const consumer = poisoned("1");
    const { givenUp, clock } = await deliver(queued(1, start), {}, consumer);
    expect(givenUp[0]).to.deep.include({ condition: "RecordAgeExceeded" });
    expect(clock.now() - start).to.be.within(86_400_000, 86_400_000 + 60_000);
  });

  it("uses up no retries for refusals, which only the record's age bounds", async () => {
    const refusing = {
      invoke: async () => {
        throw new InvocationRefused("Rate Exceeded.");
      },
    };
    const inputs = { maximumRetryAttempts: 0, bisectBatchOnFunctionError: true, maximumRecordAgeInSeconds: 60 };
    const { givenUp, stats } = await deliver(queued(4, start), inputs, refusing);
    expect(stats).to.deep.include({ refusedInvocations: 8, invocations: 0, bisects: 0 });
    expect(givenUp).to.have.length(1);
    expect(givenUp[0]).to.deep.include({ condition: "RecordAgeExceeded", attempts: 0 });
  });
});
