import type { DynamoDBStreamEvent } from "aws-lambda";
import { expect } from "chai";
import fc from "fast-check";
import type { Checkpoints } from "../../../../../local/engine/mapping/checkpoint.ts";
import { startMapping } from "../../../../../local/engine/mapping/mapping.ts";
import { mappingSettings } from "../../../../../local/engine/mapping/settings.ts";
import type { WindowEvent } from "../../../../../local/engine/mapping/windows/window.ts";
import { TestClock } from "../support/clock.ts";
import { idOf } from "../support/function.ts";
import { FakeStream } from "../support/stream.ts";

const start = 1_700_000_000_000;

const scenario = fc.record({
  /** Seconds between one change and the next. */
  gaps: fc.array(fc.integer({ min: 0, max: 25 }), { minLength: 1, maxLength: 30 }),
  split: fc.integer({ min: 0, max: 30 }),
  batchSize: fc.integer({ min: 1, max: 6 }),
  bisect: fc.boolean(),
  /** In which invocations the process ends, one run after the other. */
  crashes: fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 3 }),
  /** What becomes of invocations: an error, an answer without state, or a good one. */
  moods: fc.infiniteStream(fc.constantFrom("error", "stateless", "fine", "fine", "fine")),
});

describe("tumbling windows through failures and crashes", () => {
  it("have each change in exactly one final state, in order and in the window of its time", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ gaps, split, batchSize, bisect, crashes, moods }) => {
        const stream = new FakeStream();
        const times: number[] = [];
        let time = start;
        stream.addShard("old");
        for (const [index, gap] of gaps.entries()) {
          time += 1000 * gap;
          times.push(time);
          if (index === split) {
            stream.close("old");
            stream.addShard("new", "old");
          }
          stream.write(index < split ? "old" : "new", String(index), time);
        }
        const finals: { ids: string[]; start: number; end: number }[] = [];

        async function run(checkpoints: Checkpoints, crashIn: number): Promise<Checkpoints | undefined> {
          const crash = Promise.withResolvers<Checkpoints>();
          let crashed = false;
          let calls = 0;
          const invoke = async (given: DynamoDBStreamEvent) => {
            const event = given as WindowEvent;
            calls += 1;
            const mood = moods.next().value;
            await new Promise(setImmediate);
            if (calls >= crashIn && !crashed) {
              crashed = true;
              crash.resolve(structuredClone(checkpoints));
            }
            if (crashed || mood === "error")
              return { payload: null, functionError: "Unhandled" as const, requestId: "r" };
            if (mood === "stateless") return { payload: {}, functionError: null, requestId: "r" };
            const ids = [...((event.state as { ids?: string[] }).ids ?? []), ...event.Records.map(idOf)];
            const { start, end } = event.window;
            if (event.isFinalInvokeForWindow) finals.push({ ids, start: Date.parse(start), end: Date.parse(end) });
            return { payload: { state: { ids } }, functionError: null, requestId: "r" };
          };
          const mapping = startMapping({
            uuid: "uuid",
            functionArn: "function",
            streamArn: "arn:aws:dynamodb:ddblocal:000000000000:table/t/stream/s",
            region: "eu-west-1",
            streams: stream.client,
            settings: mappingSettings({
              startingPosition: "TRIM_HORIZON",
              tumblingWindowInSeconds: 60,
              batchSize,
              bisectBatchOnFunctionError: bisect,
            }),
            invoke,
            checkpoints,
            backoff: () => 1,
            clock: new TestClock(time),
          });
          const left = await Promise.race([crash.promise, mapping.idle().then(() => undefined)]);
          crashed = true;
          await mapping.stop();
          return left;
        }

        let checkpoints: Checkpoints = new Map();
        for (const crashIn of crashes) checkpoints = (await run(checkpoints, crashIn)) ?? checkpoints;
        await run(checkpoints, Number.POSITIVE_INFINITY);
        expect(finals.flatMap(({ ids }) => ids)).to.deep.equal(gaps.map((_, index) => String(index)));
        for (const { ids, start, end } of finals) {
          expect(end - start).to.equal(60_000);
          for (const id of ids) expect(times[Number(id)]).to.be.within(start, end - 1);
        }
      }),
      { numRuns: 150 },
    );
  });
});
