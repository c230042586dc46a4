import { ProvisionedThroughputExceededException } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { backoff } from "../../../../local/engine/mapping/backoff.ts";
import { persist } from "../../../../local/engine/mapping/persist.ts";
import { TestClock } from "./support/clock.ts";

const throttled = () => new ProvisionedThroughputExceededException({ message: "slow down", $metadata: {} });

describe("persist", () => {
  let clock: TestClock;
  let stopping: AbortController;
  let told: unknown[];
  beforeEach(() => {
    clock = new TestClock(0);
    stopping = new AbortController();
    told = [];
  });

  const attempt = <T>(call: () => Promise<T>) =>
    persist(call, {
      clock,
      signal: stopping.signal,
      backoff: (failures) => backoff(failures, 0),
      failed: (error) => told.push(error),
    });

  it("waits longer after each failure in a row, a minute at most, for as long as it takes", async () => {
    let failures = 12;
    const result = await attempt(async () => {
      if (failures-- > 0) throw throttled();
      return "read";
    });
    expect(result).to.equal("read");
    const minute = 60_000;
    expect(clock.sleeps).to.deep.equal([
      250,
      500,
      1000,
      2000,
      4000,
      8000,
      16_000,
      32_000,
      minute,
      minute,
      minute,
      minute,
    ]);
    expect(told).to.have.length(12);
  });

  it("does not wait for what would only fail again", async () => {
    const error = new TypeError("a mistake");
    const caught = await attempt(async () => {
      throw error;
    }).catch((reason) => reason);
    expect(caught).to.equal(error);
    expect(clock.sleeps).to.deep.equal([]);
  });

  it("gives up without a word when it is told to stop", async () => {
    const result = await attempt(async () => {
      stopping.abort();
      throw throttled();
    });
    expect(result).to.equal(undefined);
    expect(told).to.deep.equal([]);
  });
});
