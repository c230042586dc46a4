import { expect } from "chai";
import { Lane } from "../../../../local/engine/mapping/lane.ts";
import type { QueuedRecord } from "../../../../local/engine/mapping/queued-record.ts";
import { queued } from "./support/records.ts";

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
    const lane = new Lane({ batchSize, window }, clock, async (batch) => {
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
