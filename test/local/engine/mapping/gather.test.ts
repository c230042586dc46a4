import { getEventListeners } from "node:events";
import { expect } from "chai";
import fc from "fast-check";
import type { QueuedRecord } from "../../../../local/engine/mapping/decode.ts";
import {
  batchByBatch,
  Lane,
  type LaneStep,
  laneOf,
  largestPayload,
  nextBatch,
} from "../../../../local/engine/mapping/gather.ts";
import { queued } from "./support/records.ts";

const sized = (...bytes: number[]) => bytes.map((size) => ({ bytes: size }));
const half = largestPayload / 2;
const deliver = (take: number): LaneStep => ({ kind: "deliver", take });
const wait = (milliseconds: number): LaneStep => ({ kind: "wait", milliseconds });

describe("nextBatch", () => {
  const table: [
    string,
    { bytes: number }[],
    { size?: number; window?: number; gatheredFor?: number; ended?: boolean },
    LaneStep,
  ][] = [
    ["without a window: whatever is there", sized(1, 1), {}, deliver(2)],
    ["a full batch", sized(1, 1, 1), { size: 2, window: 1000 }, deliver(2)],
    ["exactly a full batch", sized(1, 1), { size: 2, window: 1000 }, deliver(2)],
    ["not full, the window open", sized(1), { size: 2, window: 1000, gatheredFor: 400 }, wait(600)],
    ["not full, the window over", sized(1), { size: 2, window: 1000, gatheredFor: 1000 }, deliver(1)],
    ["not full, no more to come", sized(1), { size: 2, window: 1000, ended: true }, deliver(1)],
    ["6 MB reached, the window open", sized(half, half), { window: 1000 }, deliver(1)],
    ["6 MB to the byte", sized(half, half - 15), { window: 1000 }, wait(1000)],
    ["one byte more", sized(half, half - 14), { window: 1000 }, deliver(1)],
    ["a record larger than 6 MB travels alone", sized(2 * largestPayload, 1), { window: 1000 }, deliver(1)],
  ];
  for (const [name, waiting, { size = 100, window = 0, gatheredFor = 0, ended = false }, expected] of table) {
    it(name, () =>
      expect(nextBatch(waiting, { batchSize: size, batchingWindow: window }, gatheredFor, ended)).to.deep.equal(
        expected,
      ),
    );
  }

  it("counts 6 MB as Lambda does, and leaves room for an envelope", () => {
    expect(largestPayload).to.equal(6_291_456);
    const limits = { batchSize: 100, batchingWindow: 1000, envelope: 1000 };
    expect(nextBatch(sized(half, half - 1001), limits, 0, false)).to.deep.equal(wait(1000));
    expect(nextBatch(sized(half, half - 1000), limits, 0, false)).to.deep.equal(deliver(1));
  });

  it("never exceeds the count or 6 MB of JSON, and always gets on when it may not wait", () => {
    const records = fc.array(fc.integer({ min: 2, max: 3_000_000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(records, fc.integer({ min: 1, max: 20 }), (sizes, batchSize) => {
        const step = nextBatch(sized(...sizes), { batchSize, batchingWindow: 0 }, 0, false);
        const take = step.kind === "deliver" ? step.take : 0;
        const json = JSON.stringify({ Records: sizes.slice(0, take).map(() => 0) }).length;
        const bytes = sizes.slice(0, take).reduce((sum, size) => sum + size - 1, json);
        expect(take).to.be.within(1, batchSize);
        if (take > 1) expect(bytes).to.be.at.most(largestPayload);
        if (take < Math.min(batchSize, sizes.length)) expect(bytes + 1 + sizes[take]!).to.be.above(largestPayload);
      }),
    );
  });
});

/** A clock that stands still; its sleepers wake when the test says so. */
class StillClock {
  time = 0;
  readonly sleeps: number[] = [];
  #wake = Promise.withResolvers<void>();
  #asleep = Promise.withResolvers<void>();

  now(): number {
    return this.time;
  }

  async sleep(milliseconds: number, _signal: AbortSignal): Promise<void> {
    this.sleeps.push(milliseconds);
    this.#asleep.resolve();
    await this.#wake.promise;
  }

  /** Resolves when someone sleeps. */
  asleep(): Promise<void> {
    return this.#asleep.promise;
  }

  pass(milliseconds: number): void {
    this.time += milliseconds;
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
    this.#asleep = Promise.withResolvers();
  }
}

describe("Lane", () => {
  const [a, b, c, d, e] = queued(5) as [QueuedRecord, QueuedRecord, QueuedRecord, QueuedRecord, QueuedRecord];
  let clock: StillClock;
  let batches: string[][];
  let stopping: AbortController;
  let running: Promise<void>;

  function start(batchSize: number, window: number, deliver: () => void = () => {}): Lane {
    clock = new StillClock();
    batches = [];
    stopping = new AbortController();
    const lane = new Lane(batchByBatch({ batchSize, batchingWindow: window }), clock, async (batch) => {
      batches.push(batch.map(({ record }) => record.dynamodb!.Keys!.id!.S!));
      deliver();
    });
    running = lane.run(stopping.signal);
    return lane;
  }

  afterEach(async () => {
    stopping.abort();
    await running;
  });

  it("waits for the window, which the first record opens, unless no more records come", async () => {
    const lane = start(10, 1000);
    clock.time = 500;
    lane.push(a);
    await clock.asleep();
    expect(clock.sleeps).to.deep.equal([1000]);
    clock.time += 400;
    lane.push(b);
    lane.end();
    await running;
    expect(batches).to.deep.equal([["1", "2"]]);
  });

  it("has one window for all records of a batch, however late they come", async () => {
    const lane = start(10, 1000);
    lane.push(a);
    await clock.asleep();
    clock.pass(400);
    lane.push(b);
    await clock.asleep();
    expect(clock.sleeps).to.deep.equal([1000, 600]);
    expect(batches).to.deep.equal([]);
  });

  it("delivers what waits as soon as it is told that no more comes, and ends at once when nothing waits", async () => {
    const lane = start(10, 1000);
    lane.push(a);
    await clock.asleep();
    lane.end();
    await running;
    expect(batches).to.deep.equal([["1"]]);
    const idle = start(10, 1000);
    await new Promise(setImmediate);
    idle.end();
    await running;
    expect(batches).to.deep.equal([]);
  });

  it("leaves nothing behind at the signal when it is over", async () => {
    const lane = start(10, 1000);
    expect(getEventListeners(stopping.signal, "abort")).to.have.length(1);
    lane.end();
    await running;
    expect(getEventListeners(stopping.signal, "abort")).to.have.length(0);
  });

  it("looks again when the window is over", async () => {
    const delivered = Promise.withResolvers<void>();
    const lane = start(10, 1000, delivered.resolve);
    lane.push(a);
    await clock.asleep();
    clock.pass(1000);
    await delivered.promise;
    expect(batches).to.deep.equal([["1"]]);
  });

  it("opens the next window when the invocation is over", async () => {
    const lane = start(2, 1000, () => {
      clock.time += 300;
    });
    for (const record of [a, b, c]) lane.push(record);
    await clock.asleep();
    expect(batches).to.deep.equal([["1", "2"]]);
    expect(clock.sleeps).to.deep.equal([1000]);
  });

  it("sends full batches at once, and the rest when it ends", async () => {
    const lane = start(2, 300_000);
    for (const record of [a, b, c, d, e]) lane.push(record);
    lane.end();
    await running;
    expect(batches).to.deep.equal([["1", "2"], ["3", "4"], ["5"]]);
  });

  it("stops with records waiting", async () => {
    const lane = start(2, 300_000);
    lane.push(a);
    stopping.abort();
    await running;
    expect(batches).to.deep.equal([]);
  });
});

const withKeys = (Keys: Record<string, { S: string } | { N: string }>) => ({ dynamodb: { Keys } });

describe("laneOf", () => {
  it("gives the same item the same lane, whatever the order of its key's attributes", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), fc.integer({ min: 1, max: 10 }), (S, n, lanes) => {
        const [partition, sort] = [{ S }, { N: String(n) }];
        const lane = laneOf(withKeys({ p: partition, s: sort }), lanes);
        expect(laneOf(withKeys({ s: sort, p: partition }), lanes)).to.equal(lane);
        expect(lane).to.be.within(0, lanes - 1);
      }),
    );
  });

  it("spreads items over all lanes, by partition and sort key", () => {
    for (const count of [1, 2, 10]) {
      const lanes = Array.from({ length: 200 }, (_, n) =>
        laneOf(withKeys({ p: { S: "same" }, s: { N: String(n) } }), count),
      );
      expect(new Set(lanes).size).to.equal(count);
    }
  });
});
