import { expect } from "chai";
import type { Checkpoint } from "../../../../../local/engine/mapping/checkpoint.ts";
import { idOf } from "../support/function.ts";
import { brief, gather, MappingWithWindows, minute, noon } from "../support/mapping-with-windows.ts";

describe("a mapping with tumbling windows", () => {
  let mapping: MappingWithWindows;
  beforeEach(() => {
    mapping = new MappingWithWindows();
  });
  afterEach(() => mapping.stop());

  it("hands the state on within a window, completes it without records, and begins the next one afresh", async () => {
    for (const [key, after] of [
      ["a", 0],
      ["b", 10_000],
      ["c", minute - 1],
      ["d", minute],
    ] as const) {
      mapping.stream.write("one", key, noon + after);
    }
    const running = mapping.start(gather, { batchSize: 2 });
    await running.idle();
    expect(mapping.calls.map(brief)).to.deep.equal([
      "12:00 [ab] {}",
      '12:00 [c] {"ids":"ab"}',
      '12:00 [] {"ids":"abc"} final',
      "12:01 [d] {}",
      '12:01 [] {"ids":"d"} final',
    ]);
    expect(running.stats).to.deep.include({ windows: 2, delivered: 4, invocations: 5, batches: 3 });
  });

  it("gives the event the documented form", async () => {
    mapping.stream.write("one", "a", noon + 35_000);
    await mapping.start(gather, { tumblingWindowInSeconds: 120 }).idle();
    const [{ Records, ...first } = { Records: [] }, last] = mapping.calls;
    expect(Records.map(idOf)).to.deep.equal(["a"]);
    const common = {
      window: { start: "2024-03-01T12:00:00Z", end: "2024-03-01T12:02:00Z" },
      shardId: "one",
      eventSourceARN: "arn:aws:dynamodb:eu-west-1:000000000000:table/t/stream/s",
      isWindowTerminatedEarly: false,
    };
    expect(first).to.deep.equal({ ...common, state: {}, isFinalInvokeForWindow: false });
    expect(last).to.deep.equal({ ...common, Records: [], state: { ids: "a" }, isFinalInvokeForWindow: true });
    expect(Object.keys(last!)).to.deep.equal([
      "Records",
      "window",
      "state",
      "shardId",
      "eventSourceARN",
      "isFinalInvokeForWindow",
      "isWindowTerminatedEarly",
    ]);
  });

  it("waits for two minutes after the window's end before it takes it for over", async () => {
    mapping.stream.write("one", "a", noon);
    let finalAt = 0;
    await mapping
      .start((event) => {
        if (event.isFinalInvokeForWindow) finalAt = mapping.clock.now();
        return gather(event);
      })
      .idle();
    expect(finalAt - noon).to.be.within(3 * minute, 3 * minute + 2000);
  });

  it("closes the window with its shard, whose child begins afresh", async () => {
    mapping.stream.write("one", "a", noon);
    mapping.stream.close("one");
    mapping.stream.addShard("two", "one");
    mapping.stream.write("two", "b", noon + 1000);
    await mapping.start(gather).idle();
    expect(mapping.calls.map(({ shardId, ...rest }) => `${shardId} ${brief({ shardId, ...rest })}`)).to.deep.equal([
      "one 12:00 [a] {}",
      'one 12:00 [] {"ids":"a"} final',
      "two 12:00 [b] {}",
      'two 12:00 [] {"ids":"b"} final',
    ]);
  });

  it("neither opens nor ends a window for records that the filters pass over", async () => {
    mapping.stream.write("one", "a", noon);
    mapping.stream.write("one", "skipped", noon + minute);
    const pattern = '{"dynamodb":{"Keys":{"id":{"S":["a"]}}}}';
    await mapping.start(gather, { filterCriteria: { filters: [{ pattern }] } }).idle();
    expect(mapping.calls.map(brief)).to.deep.equal(["12:00 [a] {}", '12:00 [] {"ids":"a"} final']);
  });

  it("goes on with the window and its state after a restart, and completes no window twice", async () => {
    const aggregated = Promise.withResolvers<void>();
    class Noting extends Map<string, Checkpoint> {
      override set(shardId: string, checkpoint: Checkpoint): this {
        aggregated.resolve();
        return super.set(shardId, checkpoint);
      }
    }
    const checkpoints = new Noting();
    mapping.stream.write("one", "a", noon);
    const still = { now: () => noon, sleep: (_: number, signal: AbortSignal) => aborted(signal) };
    const first = mapping.start(gather, {}, { checkpoints, clock: still });
    await aggregated.promise;
    await first.stop();
    expect(checkpoints.get("one")?.window).to.deep.equal({ start: noon, end: noon + minute, state: { ids: "a" } });

    mapping.stream.write("one", "b", noon + 1000);
    const second = mapping.start(gather, {}, { checkpoints });
    await second.idle();
    await second.stop();
    const expected = ["12:00 [a] {}", '12:00 [b] {"ids":"a"}', '12:00 [] {"ids":"ab"} final'];
    expect(mapping.calls.map(brief)).to.deep.equal(expected);

    await mapping.start(gather, {}, { checkpoints }).idle();
    expect(mapping.calls.map(brief)).to.deep.equal(expected);
  });

  it("waits for a window's end in the time scale that it is given", async () => {
    mapping.stream.write("one", "a", noon);
    await mapping.start(gather, {}, { timeScale: 0.001 }).idle();
    expect(mapping.clock.now() - noon).to.be.below(5000);
    expect(mapping.calls.map(brief).at(-1)).to.equal('12:00 [] {"ids":"a"} final');
  });
});

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}
