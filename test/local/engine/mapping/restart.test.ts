import type { DynamoDBStreamEvent } from "aws-lambda";
import { expect } from "chai";
import fc from "fast-check";
import type { Checkpoints } from "../../../../local/engine/mapping/checkpoint.ts";
import { startMapping } from "../../../../local/engine/mapping/mapping.ts";
import type { Mapping } from "../../../../local/engine/mapping/options.ts";
import { mappingSettings } from "../../../../local/engine/mapping/settings.ts";
import { TestClock } from "./support/clock.ts";
import { idOf } from "./support/function.ts";
import { FakeStream } from "./support/stream.ts";

const scenario = fc.record({
  /** The keys of the changes, in the stream's order. */
  keys: fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { minLength: 1, maxLength: 40 }),
  /** After how many of the changes the shard is split. */
  split: fc.integer({ min: 0, max: 40 }),
  lanes: fc.integer({ min: 1, max: 4 }),
  batchSize: fc.integer({ min: 1, max: 5 }),
  bisect: fc.boolean(),
  /** In which invocations the process ends, one run after the other. */
  crashes: fc.array(fc.integer({ min: 1, max: 10 }), { maxLength: 3 }),
  /** How many turns of the event loop invocations take, and whether they fail. */
  moods: fc.infiniteStream(fc.record({ turns: fc.integer({ min: 0, max: 5 }), fails: fc.boolean() })),
});

describe("a mapping that crashes in the middle of batches, in lanes that are apart", () => {
  it("goes on from its checkpoints without a gap, per item in order", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ keys, split, lanes, batchSize, bisect, crashes, moods }) => {
        const stream = new FakeStream();
        stream.addShard("old");
        for (const key of keys.slice(0, split)) stream.write("old", key);
        if (split < keys.length) {
          stream.close("old");
          stream.addShard("new", "old");
          for (const key of keys.slice(split)) stream.write("new", key);
        }
        const changes = [...stream.shards.values()].flatMap(({ records }) =>
          records.map(({ dynamodb }) => ({ key: dynamodb!.Keys!.id!.S!, number: dynamodb!.SequenceNumber! })),
        );
        const before = new Map(
          changes.map(({ key, number }, index) => [
            number,
            changes.slice(0, index).findLast((other) => other.key === key)?.number,
          ]),
        );
        const accepted = new Set<string>();
        const overtaken: string[] = [];

        /** Runs a mapping to its end, or until the invocation in which the process ends: then the checkpoints are left. */
        async function run(checkpoints: Checkpoints, crashIn: number): Promise<Checkpoints | undefined> {
          const crash = Promise.withResolvers<Checkpoints>();
          let crashed = false;
          let calls = 0;
          const invoke = async ({ Records }: DynamoDBStreamEvent) => {
            calls += 1;
            const mood = moods.next().value;
            for (let turn = 0; turn < mood.turns; turn += 1) await new Promise(setImmediate);
            if (calls >= crashIn && !crashed) {
              crashed = true;
              crash.resolve(structuredClone(checkpoints));
            }
            if (crashed || mood.fails) return { payload: null, functionError: "Unhandled" as const, requestId: "r" };
            for (const record of Records) {
              const number = record.dynamodb!.SequenceNumber!;
              const previous = before.get(number);
              if (previous !== undefined && !accepted.has(previous)) overtaken.push(`${idOf(record)} ${number}`);
              accepted.add(number);
            }
            return { payload: null, functionError: null, requestId: "r" };
          };
          const mapping: Mapping = startMapping({
            uuid: "uuid",
            functionArn: "function",
            streamArn: "arn:aws:dynamodb:ddblocal:000000000000:table/t/stream/s",
            region: "eu-west-1",
            streams: stream.client,
            settings: mappingSettings({
              startingPosition: "TRIM_HORIZON",
              parallelizationFactor: lanes,
              batchSize,
              bisectBatchOnFunctionError: bisect,
            }),
            invoke,
            checkpoints,
            backoff: () => 1,
            clock: new TestClock(1_700_000_000_000),
          });
          const left = await Promise.race([crash.promise, mapping.idle().then(() => undefined)]);
          crashed = true;
          await mapping.stop();
          return left;
        }

        let checkpoints: Checkpoints = new Map();
        for (const crashIn of crashes) checkpoints = (await run(checkpoints, crashIn)) ?? checkpoints;
        expect(await run(checkpoints, Number.POSITIVE_INFINITY)).to.equal(undefined);
        expect([...accepted].toSorted()).to.deep.equal(changes.map(({ number }) => number).toSorted());
        expect(overtaken).to.deep.equal([]);
        expect(checkpoints.get("old")).to.deep.include({ finished: split < keys.length });
      }),
      { numRuns: 150 },
    );
  });
});
