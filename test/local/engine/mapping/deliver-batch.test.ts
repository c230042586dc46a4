import { expect } from "chai";
import fc from "fast-check";
import { backoff } from "../../../../local/engine/mapping/backoff.ts";
import { type Delivery, deliverBatch } from "../../../../local/engine/mapping/deliver-batch.ts";
import type { Discard } from "../../../../local/engine/mapping/failure-record.ts";
import { InvocationRefused } from "../../../../local/engine/mapping/invocation-refused.ts";
import type { QueuedRecord } from "../../../../local/engine/mapping/queued-record.ts";
import { mappingSettings } from "../../../../local/engine/mapping/settings.ts";
import { newTally } from "../../../../local/engine/mapping/stats.ts";
import { TestClock } from "./support/clock.ts";
import { FunctionFailure, failing, type RecordingFunction, recordingFunction } from "./support/function.ts";
import { queued } from "./support/records.ts";

const start = 1_700_000_000_000;

interface Run {
  readonly discarded: Discard[];
  readonly settled: string[];
  readonly tally: ReturnType<typeof newTally>;
  readonly clock: TestClock;
}

async function run(
  batch: readonly QueuedRecord[],
  inputs: Record<string, unknown>,
  consumer: Pick<RecordingFunction, "invoke">,
  more: Partial<Delivery> = {},
): Promise<Run> {
  const result = {
    discarded: [] as Discard[],
    settled: [] as string[],
    tally: newTally(),
    clock: new TestClock(start),
  };
  await deliverBatch(batch, {
    settings: mappingSettings({ startingPosition: "TRIM_HORIZON", ...inputs }),
    clock: result.clock,
    signal: new AbortController().signal,
    tally: result.tally,
    invoke: consumer.invoke,
    discard: async (discard) => void result.discarded.push(discard),
    settled: (records) => result.settled.push(...records.map(({ record }) => record.dynamodb!.Keys!.id!.S!)),
    backoff: (failures) => backoff(failures, 0),
    ...more,
  });
  return result;
}

const poisoned = (...poison: string[]) =>
  recordingFunction((ids) => {
    if (ids.some((id) => poison.includes(id))) throw new FunctionFailure("poison");
  });

describe("deliverBatch", () => {
  // recorded: test_dynamodb_event_source_mapping_with_on_failure_destination_config
  it("recorded: one retry, then the failure message counts two invocations", async () => {
    const consumer = poisoned("1");
    const { discarded, tally } = await run(queued(1, start), { maximumRetryAttempts: 1 }, consumer);
    expect(consumer.calls).to.have.length(2);
    expect(discarded[0]).to.deep.include({
      condition: "RetryAttemptsExhausted",
      attempts: 2,
      functionError: "Unhandled",
      requestId: "request-2",
    });
    expect(tally).to.deep.include({ batches: 1, invocations: 2, failedInvocations: 2, retries: 1, delivered: 0 });
  });

  // recorded: test_dynamodb_report_batch_item_failure_scenarios
  for (const answer of [failing(""), failing(null), failing("123"), { batchItemFailures: [{ foo: 123 }] }]) {
    it(`recorded: report_batch_item_failure_scenarios, ${JSON.stringify(answer)} with three retries is invoked four times`, async () => {
      const consumer = recordingFunction(() => answer);
      const inputs = { maximumRetryAttempts: 3, functionResponseTypes: ["ReportBatchItemFailures"] };
      const { discarded } = await run(queued(1, start), inputs, consumer);
      expect(consumer.calls).to.have.length(4);
      expect(discarded[0]).to.deep.include({ condition: "RetryAttemptsExhausted", attempts: 4, functionError: null });
    });
  }

  it("recorded: only what is left after the checkpoint is discarded", async () => {
    const consumer = recordingFunction((_, { Records }) =>
      failing(
        Records.map(({ dynamodb }) => dynamodb!.SequenceNumber!).find((number) => number >= "000000000000000000003"),
      ),
    );
    const inputs = { maximumRetryAttempts: 1, functionResponseTypes: ["ReportBatchItemFailures"] };
    const { discarded, settled, tally } = await run(queued(4, start), inputs, consumer);
    expect(consumer.calls).to.deep.equal([
      ["1", "2", "3", "4"],
      ["3", "4"],
      ["3", "4"],
    ]);
    expect(discarded.map(({ records }) => records.map(({ sequenceNumber }) => Number(sequenceNumber)))).to.deep.equal([
      [3, 4],
    ]);
    expect(settled).to.deep.equal(["1", "2", "3", "4"]);
    expect(tally.delivered).to.equal(2);
  });

  // recorded for Kinesis: test_kinesis_event_source_mapping_with_on_failure_destination, maximum record age
  it("recorded: a record that always fails is invoked eight times in the minute before it expires", async () => {
    const consumer = poisoned("1");
    const { discarded } = await run(queued(1, start), { maximumRecordAgeInSeconds: 60 }, consumer);
    expect(consumer.calls).to.have.length(8);
    expect(discarded).to.have.length(1);
    expect(discarded[0]).to.deep.include({ condition: "RecordAgeExceeded", attempts: 8 });
  });

  // recorded for Kinesis: of six records, the first is 80 seconds old and the age limit is 60
  it("recorded: the expired head is carved out and the younger rest is delivered", async () => {
    const consumer = recordingFunction();
    const records = queued(6, start - 80_000, start);
    const { discarded, settled } = await run(records, { maximumRecordAgeInSeconds: 60, batchSize: 10 }, consumer);
    expect(discarded).to.have.length(1);
    expect(discarded[0]).to.deep.include({ condition: "RecordAgeExceeded", attempts: 0, records: [records[0]] });
    expect(discarded[0]!.requestId).to.match(/^[0-9a-f-]{36}$/);
    expect(consumer.calls).to.deep.equal([["2", "3", "4", "5", "6"]]);
    expect(settled).to.deep.equal(["1", "2", "3", "4", "5", "6"]);
  });

  it("gives records up after the stream's 24 hours, though neither retries nor age are limited", async () => {
    const consumer = poisoned("1");
    const { discarded, clock } = await run(queued(1, start), {}, consumer);
    expect(discarded[0]).to.deep.include({ condition: "RecordAgeExceeded" });
    expect(clock.now() - start).to.be.within(86_400_000, 86_400_000 + 60_000);
  });

  it("uses up no retries for refusals, which only the record's age bounds", async () => {
    const refusing = {
      invoke: async () => {
        throw new InvocationRefused("Rate Exceeded.");
      },
    };
    const inputs = { maximumRetryAttempts: 0, bisectBatchOnFunctionError: true, maximumRecordAgeInSeconds: 60 };
    const { discarded, tally } = await run(queued(4, start), inputs, refusing);
    expect(tally).to.deep.include({ refusedInvocations: 8, invocations: 0, bisects: 0 });
    expect(discarded).to.have.length(1);
    expect(discarded[0]).to.deep.include({ condition: "RecordAgeExceeded", attempts: 0 });
  });

  it("waits only before the same records are tried again", async () => {
    const { clock } = await run(
      queued(4, start),
      { bisectBatchOnFunctionError: true, maximumRetryAttempts: 2 },
      poisoned("3"),
    );
    expect(clock.sleeps).to.deep.equal([250, 500]);
  });

  it("leaves the rest unsettled when it is told to stop", async () => {
    const stopping = new AbortController();
    const consumer = recordingFunction((ids) => {
      if (ids.length > 1) throw new FunctionFailure("cut it");
      stopping.abort();
    });
    const { settled } = await run(queued(2, start), { bisectBatchOnFunctionError: true }, consumer, {
      signal: stopping.signal,
    });
    expect(settled).to.deep.equal(["1"]);
    expect(consumer.calls).to.deep.equal([["1", "2"], ["1"]]);
  });

  it("measures the iterator's age and the lag", async () => {
    const [record] = queued(1, start - 1500);
    const { tally } = await run([{ ...record!, readAt: start - 20 }], {}, recordingFunction());
    expect(tally.iteratorAge).to.deep.equal({ last: 1500, max: 1500 });
    expect(tally.lag).to.deep.equal({ last: 20, max: 20 });
  });

  const scenario = fc.record({
    count: fc.integer({ min: 1, max: 60 }),
    poison: fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 4 }),
    bisect: fc.boolean(),
    reports: fc.boolean(),
    retries: fc.integer({ min: 0, max: 3 }),
    moods: fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
  });

  it("settles every record exactly once and in order, each accepted or discarded", async () => {
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
        const { settled, discarded, tally } = await run(queued(count, start), inputs, consumer);
        const given = discarded.flatMap(({ records }) =>
          records.map(({ sequenceNumber }) => String(BigInt(sequenceNumber))),
        );
        expect(settled).to.deep.equal(all);
        expect([...accepted, ...given].toSorted((a, b) => Number(a) - Number(b))).to.deep.equal(all);
        expect(accepted).to.deep.equal(accepted.toSorted((a, b) => Number(a) - Number(b)));
        expect(accepted.some((id) => bad.has(id))).to.equal(false);
        expect(tally.delivered).to.equal(accepted.length);
      }),
      { numRuns: 200 },
    );
  });

  it("isolates a poison record anywhere in a batch at logarithmic cost", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 5 }), async (poison, retries) => {
        const consumer = poisoned(String(poison));
        const inputs = { bisectBatchOnFunctionError: true, maximumRetryAttempts: retries };
        const { discarded, tally } = await run(queued(1000, start), inputs, consumer);
        expect(discarded.map(({ records }) => Number(records[0]!.sequenceNumber))).to.deep.equal([poison]);
        expect(tally.delivered).to.equal(999);
        expect(consumer.calls.length).to.be.at.most(1 + 2 * 10 + retries);
      }),
      { numRuns: 50 },
    );
  });
});
