import type { DynamoDBStreamEvent } from "aws-lambda";
import { expect } from "chai";
import fc from "fast-check";
import { FunctionFailure, recordingFunction } from "./support/function.ts";
import { MappingOnFakeStream } from "./support/mapping-on-fake-stream.ts";
import { type MappingOnTable, mappingOnTable, names } from "./support/mapping-on-table.ts";

describe("a mapping on DynamoDB Local that is disabled and enabled", () => {
  let table: MappingOnTable["table"];
  let start: MappingOnTable["start"];
  let close: MappingOnTable["close"];
  beforeEach(async () => {
    ({ table, start, close } = await mappingOnTable());
  });
  afterEach(() => close());

  it("reads nothing while it is disabled, and goes on from where it was", async () => {
    const consumer = recordingFunction();
    const running = start({}, { invoke: consumer.invoke });
    expect(running.state).to.equal("Creating");
    await running.started();
    expect(running.state).to.equal("Enabled");
    await table.putAll(["before"]);
    await running.idle();
    running.setEnabled(false);
    expect(running.state).to.equal("Disabling");
    await running.idle();
    expect(running.state).to.equal("Disabled");
    await table.putAll(["meanwhile"]);
    await running.idle();
    expect(consumer.calls).to.deep.equal([["before"]]);
    running.setEnabled(true);
    expect(running.state).to.equal("Enabling");
    await running.started();
    expect(running.state).to.equal("Enabled");
    await running.idle();
    expect(consumer.calls).to.deep.equal([["before"], ["meanwhile"]]);
    expect(running.stats).to.deep.include({ polled: 2, delivered: 2, invocations: 2 });
  });

  it("begins at the starting position when one that was made disabled is enabled", async () => {
    await table.putAll(["a"]);
    const consumer = recordingFunction();
    const running = start({ enabled: false }, { invoke: consumer.invoke });
    expect(running.state).to.equal("Disabled");
    running.setEnabled(true);
    await running.idle();
    expect(consumer.calls).to.deep.equal([["a"]]);
  });

  it("goes on where LATEST was when it first began", async () => {
    await table.putAll(["before"]);
    const consumer = recordingFunction();
    const running = start({ startingPosition: "LATEST" }, { invoke: consumer.invoke });
    await running.started();
    running.setEnabled(false);
    await running.idle();
    await table.putAll(["meanwhile"]);
    running.setEnabled(true);
    await running.idle();
    expect(consumer.accepted()).to.deep.equal(["meanwhile"]);
  });

  it("finishes what is in flight, for which `idle` waits, and for nothing that comes after it", async () => {
    await table.putAll(names(3));
    const [invoked, finish] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const consumer = recordingFunction(async () => {
      invoked.resolve();
      await finish.promise;
    });
    const running = start({ batchSize: 1 }, { invoke: consumer.invoke });
    await invoked.promise;
    const before = running.idle();
    running.setEnabled(false);
    let isIdle = false;
    const after = running.idle().then(() => {
      isIdle = true;
    });
    await new Promise(setImmediate);
    expect([running.state, isIdle]).to.deep.equal(["Disabling", false]);
    expect(() => running.setEnabled(true)).to.throw(/is Disabling, and can only be Enabled after that$/);
    finish.resolve();
    await Promise.all([before, after]);
    expect(running.state).to.equal("Disabled");
    expect(consumer.calls).to.deep.equal([["item-0"]]);
    expect(running.stats).to.deep.include({ polled: 1, delivered: 1 });
    running.setEnabled(true);
    await running.idle();
    expect(consumer.calls).to.deep.equal([["item-0"], ["item-1"], ["item-2"]]);
    expect(running.stats).to.deep.include({ polled: 3, delivered: 3 });
  });

  it("ends the retries of a poison record, and begins them anew", async () => {
    await table.putAll(["poison"]);
    let good = false;
    const failed = Promise.withResolvers<void>();
    const consumer = recordingFunction(() => {
      if (!good) throw new FunctionFailure("poison");
    });
    const backoff = () => {
      failed.resolve();
      return 3_600_000;
    };
    const running = start({}, { invoke: consumer.invoke, backoff });
    await failed.promise;
    running.setEnabled(false);
    await running.idle();
    expect(consumer.accepted()).to.deep.equal([]);
    expect(running.trouble).to.equal("Unhandled: poison");
    good = true;
    running.setEnabled(true);
    await running.idle();
    expect(consumer.calls).to.deep.equal([["poison"], ["poison"]]);
    expect(running.trouble).to.equal(undefined);
  });

  it("is not enabled any more once it was stopped", async () => {
    const running = start({ enabled: false }, { invoke: recordingFunction().invoke });
    await running.stop();
    expect(() => running.setEnabled(true)).to.throw(/was stopped$/);
    expect(await running.idle().catch(({ message }) => message)).to.match(/was stopped$/);
  });

  it("says that it has failed, whether it is to be enabled or disabled", async () => {
    const invoke = async () => {
      throw new Error("no thread");
    };
    await table.putAll(["a"]);
    const running = start({}, { invoke, onProblem: () => {} });
    await running.failed.catch(() => {});
    for (const enabled of [true, false]) {
      expect(() => running.setEnabled(enabled)).to.throw(/ failed: Error: no thread$/);
    }
  });
});

describe("a mapping that is disabled and enabled in the middle of batches", () => {
  const scenario = fc.record({
    keys: fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 30 }),
    lanes: fc.integer({ min: 1, max: 4 }),
    batchSize: fc.integer({ min: 1, max: 5 }),
    /** In which invocations it is disabled. */
    off: fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 }),
    fails: fc.infiniteStream(fc.boolean()),
  });

  it("delivers every change, per item in order, and says of none that it is left", async () => {
    let disabled = 0;
    await fc.assert(
      fc.asyncProperty(scenario, async ({ keys, lanes, batchSize, off, fails }) => {
        const mappings = new MappingOnFakeStream();
        mappings.stream.addShard("shard");
        for (const key of keys) mappings.stream.write("shard", key);
        const changes = mappings.stream.shards.get("shard")!.records.map(({ dynamodb }) => dynamodb!);
        const seen: string[] = [];
        let calls = 0;
        const consumer = recordingFunction(async (_, { Records }: DynamoDBStreamEvent) => {
          calls += 1;
          if (off.includes(calls) && mapping.state === "Enabled") {
            mapping.setEnabled(false);
            disabled += 1;
          }
          await new Promise(setImmediate);
          if (fails.next().value) throw new FunctionFailure("mood");
          seen.push(...Records.map(({ dynamodb }) => dynamodb!.SequenceNumber!));
        });
        const mapping = mappings.start(consumer, { parallelizationFactor: lanes, batchSize, maximumRetryAttempts: -1 });
        for (await mapping.idle(); mapping.state === "Disabled"; await mapping.idle()) mapping.setEnabled(true);
        await mapping.stop();
        for (const key of ["a", "b", "c", "d"]) {
          const own = changes.filter(({ Keys }) => Keys!.id!.S === key).map(({ SequenceNumber }) => SequenceNumber!);
          // What was settled beyond a gap comes again, behind what it was ahead of.
          expect([...new Set(seen)].filter((number) => own.includes(number))).to.deep.equal(own);
        }
        expect(mapping.stats.polled).to.equal(mapping.stats.delivered);
        expect(mappings.problems).to.deep.equal([]);
      }),
      { seed: 8, numRuns: 150 },
    );
    expect(disabled).to.be.above(150);
  });
});
