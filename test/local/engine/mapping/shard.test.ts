import { expect } from "chai";
import type { Checkpoint } from "../../../../local/engine/mapping/checkpoint.ts";
import { mappingSettings } from "../../../../local/engine/mapping/settings.ts";
import { openShard } from "../../../../local/engine/mapping/shard.ts";
import { newStats } from "../../../../local/engine/mapping/stats.ts";
import { Notifier } from "../../../../local/engine/waiting.ts";
import { TestClock } from "./support/clock.ts";
import { recordingFunction } from "./support/function.ts";
import { FakeStream } from "./support/stream.ts";

describe("Shard", () => {
  it("says that it is finished in the step in which its checkpoint does", async () => {
    let finished = 0;
    const finishedWhenWritten: number[] = [];
    class Watched extends Map<string, Checkpoint> {
      override set(shardId: string, checkpoint: Checkpoint): this {
        // Whoever waits for a change is woken here at the earliest: in the first microtask after the step.
        if (checkpoint.finished) queueMicrotask(() => finishedWhenWritten.push(finished));
        return super.set(shardId, checkpoint);
      }
    }
    const checkpoints = new Watched();
    const stream = new FakeStream();
    stream.addShard("one");
    stream.close("one");
    const shard = await openShard("one", "TRIM_HORIZON", {
      options: {
        uuid: "uuid",
        functionArn: "function",
        streamArn: "arn:aws:dynamodb:ddblocal:000000000000:table/t/stream/s",
        region: "eu-west-1",
        settings: mappingSettings({ startingPosition: "TRIM_HORIZON" }),
        streams: stream.client,
        invoke: recordingFunction().invoke,
      },
      clock: new TestClock(0),
      signal: new AbortController().signal,
      checkpoints,
      stats: newStats(),
      pollInterval: 1,
      backoff: () => 1,
      decode: () => ({ filteredOut: "" }),
      callStream: (call) => call(),
      report: () => {},
      fail: () => {},
      idleRequests: () => 0,
      idleRequested: new Notifier(),
      changed: () => {},
      finished: () => {
        finished += 1;
      },
    });
    await shard!.run();
    expect(checkpoints.get("one")).to.deep.equal({ finished: true });
    expect(finishedWhenWritten).to.deep.equal([1]);
  });
});
