import { expect } from "chai";
import type { Checkpoints } from "../../../../local/engine/mapping/checkpoint.ts";
import { FunctionFailure, recordingFunction } from "./support/function.ts";
import { MappingOnFakeStream } from "./support/mapping-on-fake-stream.ts";
import type { FakeStream } from "./support/stream.ts";

describe("a mapping on a stream whose shards change", () => {
  let on: MappingOnFakeStream;
  let stream: FakeStream;

  beforeEach(() => {
    on = new MappingOnFakeStream();
    stream = on.stream;
  });

  afterEach(() => on.stop());

  const start: MappingOnFakeStream["start"] = (...given) => on.start(...given);

  it("reads a parent to its end, and settles it, before its children", async () => {
    stream.addShard("left", "root");
    stream.addShard("root");
    stream.addShard("right", "root");
    for (const key of ["r1", "r2", "r3", "r4", "r5"]) stream.write("root", key);
    stream.write("left", "l1");
    stream.write("right", "x1");
    stream.close("root");
    let failures = 2;
    const consumer = recordingFunction((ids) => {
      failures -= 1;
      if (ids.includes("r5") && failures >= 0) throw new FunctionFailure("not yet");
    });
    await start(consumer, { batchSize: 10, maximumBatchingWindowInSeconds: 300 }).idle();
    expect(consumer.accepted().slice(0, 5)).to.deep.equal(["r1", "r2", "r3", "r4", "r5"]);
    expect(consumer.accepted().slice(5).toSorted()).to.deep.equal(["l1", "x1"]);
  });

  it("never mixes shards in a batch", async () => {
    stream.addShard("one");
    stream.addShard("two");
    for (const key of ["a", "b"]) stream.write("one", key);
    for (const key of ["c", "d"]) stream.write("two", key);
    const consumer = recordingFunction();
    await start(consumer).idle();
    expect(consumer.calls.toSorted()).to.deep.equal([
      ["a", "b"],
      ["c", "d"],
    ]);
  });

  it("finds the child of a shard that closes while it is read", async () => {
    stream.addShard("old");
    stream.write("old", "a");
    const consumer = recordingFunction();
    const running = start(consumer, { startingPosition: "LATEST" });
    await running.started();
    stream.write("old", "b");
    stream.addShard("new", "old");
    stream.write("new", "c");
    stream.close("old");
    await running.idle();
    expect(consumer.accepted()).to.deep.equal(["b", "c"]);
  });

  it("skips closed shards when it starts at LATEST", async () => {
    stream.addShard("old");
    stream.write("old", "a");
    stream.close("old");
    stream.addShard("new", "old");
    stream.write("new", "b");
    const consumer = recordingFunction();
    const running = start(consumer, { startingPosition: "LATEST" });
    await running.started();
    stream.write("new", "c");
    await running.idle();
    expect(consumer.accepted()).to.deep.equal(["c"]);
  });

  it("reads a child whose parent the stream has trimmed", async () => {
    stream.addShard("child", "gone");
    stream.write("child", "a");
    const consumer = recordingFunction();
    await start(consumer).idle();
    expect(consumer.accepted()).to.deep.equal(["a"]);
  });

  it("does not read a finished shard again after a restart", async () => {
    const checkpoints: Checkpoints = new Map();
    stream.addShard("old");
    stream.write("old", "a");
    stream.close("old");
    const first = start(recordingFunction(), {}, checkpoints);
    await first.idle();
    await first.stop();
    expect(checkpoints.get("old")).to.deep.equal({ settledThrough: "100000000000000000001", finished: true });

    stream.addShard("new", "old");
    stream.write("new", "b");
    const consumer = recordingFunction();
    await start(consumer, { startingPosition: "LATEST" }, checkpoints).idle();
    expect(consumer.accepted()).to.deep.equal(["b"]);
  });

  it("reads a line of shards that were split one after the other, oldest first, after a restart too", async () => {
    const checkpoints: Checkpoints = new Map();
    stream.addShard("two", "one");
    stream.addShard("one");
    for (const shard of ["one", "two"]) stream.write(shard, `${shard} a`);
    stream.close("one");
    const consumer = recordingFunction();
    const first = start(consumer, {}, checkpoints);
    await first.idle();
    await first.stop();
    expect(consumer.accepted()).to.deep.equal(["one a", "two a"]);
    stream.write("two", "two b");
    stream.close("two");
    stream.addShard("three", "two");
    stream.write("three", "three a");
    await start(consumer, {}, checkpoints).idle();
    expect(consumer.accepted()).to.deep.equal(["one a", "two a", "two b", "three a"]);
  });
});
