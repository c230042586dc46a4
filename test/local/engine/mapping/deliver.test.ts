import { expect } from "chai";
import fc from "fast-check";
import { InvocationRefused } from "../../../../local/engine/invocation.ts";
import { TestClock } from "./support/clock.ts";
import { deliver, poisoned, start } from "./support/deliver.ts";
import { FunctionFailure, failing, type RecordingFunction, recordingFunction } from "./support/function.ts";
import { queued } from "./support/records.ts";

describe("deliverBatch", () => {
  // recorded: test_dynamodb_event_source_mapping_with_on_failure_destination_config
  it("recorded: one retry, then the failure message counts two invocations", async () => {
    const consumer = poisoned("1");
    const { givenUp, stats } = await deliver(queued(1, start), { maximumRetryAttempts: 1 }, consumer);
    expect(consumer.calls).to.have.length(2);
    expect(givenUp[0]).to.deep.include({
      condition: "RetryAttemptsExhausted",
      attempts: 2,
      functionError: "Unhandled",
      requestId: "request-2",
    });
    expect(stats).to.deep.include({ batches: 1, invocations: 2, failedInvocations: 2, retries: 1, delivered: 0 });
  });

  // recorded: test_dynamodb_report_batch_item_failure_scenarios
  for (const answer of [failing(""), failing(null), failing("123"), { batchItemFailures: [{ foo: 123 }] }]) {
    it(`recorded: report_batch_item_failure_scenarios, ${JSON.stringify(answer)} with three retries is invoked four times`, async () => {
      const consumer = recordingFunction(() => answer);
      const inputs = { maximumRetryAttempts: 3, functionResponseTypes: ["ReportBatchItemFailures"] };
      const { givenUp } = await deliver(queued(1, start), inputs, consumer);
      expect(consumer.calls).to.have.length(4);
      expect(givenUp[0]).to.deep.include({ condition: "RetryAttemptsExhausted", attempts: 4, functionError: null });
    });
  }

  it("recorded: only what is left after the checkpoint is given up", async () => {
    const consumer = recordingFunction((_, { Records }) =>
      failing(
        Records.map(({ dynamodb }) => dynamodb!.SequenceNumber!).find((number) => number >= "000000000000000000003"),
      ),
    );
    const inputs = { maximumRetryAttempts: 1, functionResponseTypes: ["ReportBatchItemFailures"] };
    const { givenUp, settled, stats } = await deliver(queued(4, start), inputs, consumer);
    expect(consumer.calls).to.deep.equal([
      ["1", "2", "3", "4"],
      ["3", "4"],
      ["3", "4"],
    ]);
    expect(givenUp.map(({ records }) => records.map(({ sequenceNumber }) => Number(sequenceNumber)))).to.deep.equal([
      [3, 4],
    ]);
    expect(settled).to.deep.equal(["1", "2", "3", "4"]);
    expect(stats.delivered).to.equal(2);
  });

  it("waits only before the same records are tried again", async () => {
    const { clock, stats } = await deliver(
      queued(4, start),
      { bisectBatchOnFunctionError: true, maximumRetryAttempts: 2 },
      poisoned("3"),
    );
    expect(clock.sleeps).to.deep.equal([250, 500]);
    expect(stats).to.deep.include({ batches: 1, bisects: 2, retries: 2 });
  });

  it("passes over a report of failures that the mapping has not asked for", async () => {
    const { stats } = await deliver(
      queued(1, start),
      {},
      recordingFunction((_, { Records: [one] }) => failing(one!.dynamodb!.SequenceNumber)),
    );
    expect(stats).to.deep.include({ delivered: 1, failedInvocations: 0 });
  });

  it("names the last invocation of records that expire, and none for those that were never sent", async () => {
    const inputs = { bisectBatchOnFunctionError: true, maximumRecordAgeInSeconds: 60 };
    const clock = new TestClock(start);
    const consumer = recordingFunction((ids) => {
      if (ids.length > 1) throw new FunctionFailure("cut it");
      clock.advance(30_000);
      throw new FunctionFailure("too slow");
    });
    // the first expires after one attempt by itself, and the second meanwhile
    const { givenUp } = await deliver(queued(2, start - 59_000, start - 31_000), inputs, consumer, { clock });
    expect(consumer.calls).to.deep.equal([["1", "2"], ["1"]]);
    const [first, second] = givenUp;
    expect(givenUp).to.have.length(2);
    const condition = "RecordAgeExceeded";
    expect(first).to.deep.include({ condition, attempts: 1, requestId: "request-2", functionError: "Unhandled" });
    expect(second).to.deep.include({ condition, attempts: 0, functionError: null });
    expect(second!.requestId).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("leaves the rest unsettled when it is told to stop", async () => {
    const stopping = new AbortController();
    const consumer = recordingFunction((ids) => {
      if (ids.length > 1) throw new FunctionFailure("cut it");
      stopping.abort();
    });
    const { settled } = await deliver(queued(2, start), { bisectBatchOnFunctionError: true }, consumer, {
      signal: stopping.signal,
    });
    expect(settled).to.deep.equal(["1"]);
    expect(consumer.calls).to.deep.equal([["1", "2"], ["1"]]);
  });

  it("measures the iterator's age and the lag", async () => {
    const [record] = queued(1, start - 1500);
    const { stats } = await deliver([{ ...record!, readAt: start - 20 }], {}, recordingFunction());
    expect(stats.iteratorAge).to.deep.equal({ last: 1500, max: 1500 });
    expect(stats.lag).to.deep.equal({ last: 20, max: 20 });
  });

  const scenario = fc.record({
    count: fc.integer({ min: 1, max: 60 }),
    poison: fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 4 }),
    bisect: fc.boolean(),
    reports: fc.boolean(),
    retries: fc.integer({ min: 0, max: 3 }),
    moods: fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
  });

  it("settles every record exactly once and in order, each accepted or given up", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ count, poison, bisect, reports, retries, moods }) => {
        const bad = new Set(poison.map(String));
        const accepted: string[] = [];
        const consumer = {
          async invoke(event: Parameters<RecordingFunction["invoke"]>[0]) {
            const mood = moods.next().value;
            if (mood === 0) throw new InvocationRefused("busy");
            const failed = event.Records.filter(({ dynamodb }) => bad.has(dynamodb!.Keys!.id!.S!));
            const error = mood === 1 || (failed.length > 0 && !reports);
            const done = error
              ? []
              : failed[0]
                ? event.Records.slice(0, event.Records.indexOf(failed[0]))
                : event.Records;
            accepted.push(...done.map(({ dynamodb }) => dynamodb!.Keys!.id!.S!));
            const payload = failing(...failed.map(({ dynamodb }) => dynamodb!.SequenceNumber));
            return { payload, functionError: error ? ("Unhandled" as const) : null, requestId: "r" };
          },
        };
        const inputs = {
          bisectBatchOnFunctionError: bisect,
          maximumRetryAttempts: retries,
          functionResponseTypes: reports ? ["ReportBatchItemFailures"] : [],
        };
        const all = Array.from({ length: count }, (_, index) => String(index + 1));
        const { settled, givenUp, stats } = await deliver(queued(count, start), inputs, consumer);
        const given = givenUp.flatMap(({ records }) =>
          records.map(({ sequenceNumber }) => String(BigInt(sequenceNumber))),
        );
        expect(settled).to.deep.equal(all);
        expect([...accepted, ...given].toSorted((a, b) => Number(a) - Number(b))).to.deep.equal(all);
        expect(accepted).to.deep.equal(accepted.toSorted((a, b) => Number(a) - Number(b)));
        expect(accepted.some((id) => bad.has(id))).to.equal(false);
        expect(stats.delivered).to.equal(accepted.length);
      }),
      { numRuns: 200 },
    );
  });

  it("isolates a poison record anywhere in a batch at logarithmic cost", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 5 }), async (poison, retries) => {
        const consumer = poisoned(String(poison));
        const inputs = { bisectBatchOnFunctionError: true, maximumRetryAttempts: retries };
        const { givenUp, stats } = await deliver(queued(1000, start), inputs, consumer);
        expect(givenUp.map(({ records }) => Number(records[0]!.sequenceNumber))).to.deep.equal([poison]);
        expect(stats.delivered).to.equal(999);
        expect(consumer.calls.length).to.be.at.most(1 + 2 * 10 + retries);
      }),
      { numRuns: 50 },
    );
  });
});
