import { expect } from "chai";
import type { Checkpoint } from "../../../../local/engine/mapping/checkpoints.ts";
import { Pulse } from "../../../../local/engine/mapping/pulse.ts";
import { mappingSettings } from "../../../../local/engine/mapping/settings.ts";
import { Shard } from "../../../../local/engine/mapping/shard.ts";
import { TestClock } from "./support/clock.ts";

describe("Shard", () => {
  it("says that it is finished in the step in which its checkpoint does", async () => {
    let told = 0;
    const toldWhenNoted: number[] = [];
    class Noting extends Map<string, Checkpoint> {
      override set(shardId: string, checkpoint: Checkpoint): this {
        // Whoever waits for news is at the earliest here: in the first microtask after the step.
        if (checkpoint.finished) queueMicrotask(() => toldWhenNoted.push(told));
        return super.set(shardId, checkpoint);
      }
    }
    const checkpoints = new Noting();
    const shard = new Shard({
      shardId: "one",
      settings: mappingSettings({ startingPosition: "TRIM_HORIZON" }),
      clock: new TestClock(0),
      signal: new AbortController().signal,
      checkpoints,
      pollInterval: 1,
      read: async () => ({ records: [], ended: true }),
      decode: () => ({ filtered: "" }),
      deliver: async () => {},
      request: () => 0,
      requested: new Pulse(),
      changed: () => {},
      finished: () => {
        told += 1;
      },
    });
    await shard.run();
    expect(checkpoints.get("one")).to.deep.equal({ finished: true });
    expect(toldWhenNoted).to.deep.equal([1]);
  });
});
