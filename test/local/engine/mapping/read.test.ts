import {
  ExpiredIteratorException,
  InternalServerError,
  LimitExceededException,
  ResourceNotFoundException,
  TrimmedDataAccessException,
} from "@aws-sdk/client-dynamodb-streams";
import { expect } from "chai";
import type { Checkpoints } from "../../../../local/engine/mapping/checkpoint.ts";
import { recordingFunction } from "./support/function.ts";
import { MappingOnFakeStream } from "./support/mapping-on-fake-stream.ts";
import type { FakeStream } from "./support/stream.ts";

const error = { message: "as injected", $metadata: {} };

describe("a mapping whose iterators expire and whose records are trimmed", () => {
  let on: MappingOnFakeStream;
  let stream: FakeStream;
  let problems: readonly string[];

  beforeEach(() => {
    on = new MappingOnFakeStream();
    ({ stream, problems } = on);
  });

  afterEach(() => on.stop());

  const start: MappingOnFakeStream["start"] = (...given) => on.start(...given);

  for (const stale of [
    new ExpiredIteratorException(error),
    new ResourceNotFoundException({ ...error, message: "Invalid ShardId in ShardIterator" }),
  ]) {
    it(`takes a new iterator at the same place after ${stale.name}`, async () => {
      stream.addShard("one");
      for (const key of ["a", "b", "c"]) stream.write("one", key);
      const consumer = recordingFunction();
      const running = start(consumer);
      await running.idle();
      stream.errors.GetRecordsCommand = [stale];
      stream.write("one", "d");
      await running.idle();
      expect(consumer.accepted()).to.deep.equal(["a", "b", "c", "d"]);
      expect(problems).to.deep.equal([]);
    });
  }

  it("goes on with the oldest record that is left, and says so, when the stream was trimmed past its place", async () => {
    stream.addShard("one");
    stream.write("one", "a");
    const consumer = recordingFunction();
    const running = start(consumer);
    await running.idle();
    stream.write("one", "lost");
    stream.write("one", "b");
    stream.shards.get("one")!.trimmed = 2;
    stream.errors.GetRecordsCommand = [new TrimmedDataAccessException(error)];
    await running.idle();
    expect(consumer.accepted().at(-1)).to.equal("b");
    expect(problems).to.deep.equal([
      "The event source mapping uuid of function may have lost changes of shard one: the stream had trimmed records before they were read",
    ]);
  });

  for (const startingPosition of ["TRIM_HORIZON", "LATEST"]) {
    it(`loses nothing, and says nothing, when an iterator at ${startingPosition} is refused before anything was read`, async () => {
      stream.addShard("one");
      const consumer = recordingFunction();
      const running = start(consumer, { startingPosition });
      await running.idle();
      // DynamoDB Local answers so for an iterator on a shard that was empty, once records exist.
      stream.errors.GetRecordsCommand = [new TrimmedDataAccessException(error)];
      stream.write("one", "a");
      await running.idle();
      expect(consumer.accepted()).to.deep.equal(["a"]);
      expect(problems).to.deep.equal([]);
    });
  }

  it("resumes at the oldest record that is left when the checkpoint itself is trimmed", async () => {
    stream.addShard("one");
    stream.write("one", "a");
    stream.errors.GetShardIteratorCommand = [new TrimmedDataAccessException(error)];
    const consumer = recordingFunction();
    await start(consumer, {}, new Map([["one", { settledThrough: "1", finished: false }]])).idle();
    expect(consumer.accepted()).to.deep.equal(["a"]);
    expect(problems).to.have.length(1);
  });

  it("misses nothing after a restart though it began at LATEST and had read nothing", async () => {
    const checkpoints: Checkpoints = new Map();
    stream.addShard("one");
    stream.write("one", "before");
    const consumer = recordingFunction();
    const first = start(consumer, { startingPosition: "LATEST" }, checkpoints);
    await first.idle();
    await first.stop();
    stream.write("one", "meanwhile");
    stream.close("one");
    stream.addShard("two", "one");
    stream.write("two", "later");
    await start(consumer, { startingPosition: "LATEST" }, checkpoints).idle();
    expect(consumer.accepted()).to.deep.equal(["meanwhile", "later"]);
    expect(checkpoints.get("one")).to.deep.equal({ settledThrough: "100000000000000000002", finished: true });
  });

  it("says that changes may be lost when its first iterator expires before a record was read", async () => {
    stream.addShard("one");
    const consumer = recordingFunction();
    const running = start(consumer, { startingPosition: "LATEST" });
    await running.started();
    stream.errors.GetRecordsCommand = [new ExpiredIteratorException(error)];
    await running.idle();
    stream.write("one", "a");
    await running.idle();
    expect(consumer.accepted()).to.deep.equal(["a"]);
    expect(problems).to.deep.equal([
      "The event source mapping uuid of function may have lost changes of shard one: its iterator expired before the first record was read",
    ]);
  });

  it("tries again after throttles, service errors and broken connections", async () => {
    stream.addShard("one");
    stream.write("one", "a");
    stream.errors.DescribeStreamCommand = [new InternalServerError(error)];
    stream.errors.GetShardIteratorCommand = [Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" })];
    stream.errors.GetRecordsCommand = [new LimitExceededException(error), new LimitExceededException(error)];
    const consumer = recordingFunction();
    await start(consumer).idle();
    expect(consumer.accepted()).to.deep.equal(["a"]);
    expect(problems).to.have.length(4);
    expect(problems.at(-1)).to.equal(
      "The event source mapping uuid of function could not read the stream and will try again: LimitExceededException: as injected",
    );
  });
});
