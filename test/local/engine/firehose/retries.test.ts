import { setImmediate } from "node:timers/promises";
import { expect } from "chai";
import { Retries } from "../../../../local/engine/firehose/retries.ts";
import { ManualClock } from "./support/manual-clock.ts";

/** Work that fails some times, and what became of it. */
function failing(times: number) {
  const attempts: number[] = [];
  const failures: string[] = [];
  const work = async (attempt: number) => {
    attempts.push(attempt);
    if (attempt <= times) throw new Error(`failure ${attempt}`);
  };
  return { attempts, failures, work, failed: (error: Error) => void failures.push(error.message) };
}

describe("retries", () => {
  for (const [during, attempts] of [
    [0, 1],
    [300, 1],
    [301, 2],
    [3600, 12],
    [7200, 24],
  ] as const) {
    it(`make ${attempts} attempts in ${during} seconds`, async () => {
      const retries = new Retries(new ManualClock(), 1);
      retries.skipWaits();
      const { work, failed, failures } = failing(Number.POSITIVE_INFINITY);
      expect(await retries.run({ every: 300, during }, work, failed)).to.equal(false);
      expect(failures).to.have.length(attempts);
    });
  }

  it("wait between attempts, by their scale", async () => {
    const clock = new ManualClock();
    const { work, failed, attempts, failures } = failing(2);
    const result = new Retries(clock, 0.01).run({ every: 300, during: 3600 }, work, failed);
    for (const expected of [[1], [1, 2]]) {
      await setImmediate();
      expect(attempts).to.deep.equal(expected);
      expect(clock.pending).to.deep.equal([3000]);
      clock.pass(3000);
    }
    expect(await result).to.equal(true);
    expect(failures).to.deep.equal(["failure 1", "failure 2"]);
    expect(clock.pending).to.deep.equal([]);
  });

  it("stop waiting while waits are skipped", async () => {
    const clock = new ManualClock();
    const retries = new Retries(clock, 1);
    const first = failing(3);
    const result = retries.run({ every: 300, during: 3600 }, first.work, first.failed);
    await setImmediate();
    const allowWaits = retries.skipWaits();
    expect(await result).to.equal(true);
    expect(clock.pending).to.deep.equal([]);
    allowWaits();
    const second = failing(1);
    const later = retries.run({ every: 300, during: 3600 }, second.work, second.failed);
    await setImmediate();
    expect(second.attempts).to.deep.equal([1]);
    clock.pass(300_000);
    expect(await later).to.equal(true);
  });

  it("give up when they are stopped", async () => {
    const clock = new ManualClock();
    const retries = new Retries(clock, 1);
    const { work, failed, attempts } = failing(5);
    const result = retries.run({ every: 300, during: 3600 }, work, failed);
    await setImmediate();
    retries.stop();
    expect(await result).to.equal(false);
    expect(attempts).to.deep.equal([1]);
    expect(clock.pending).to.deep.equal([]);
    expect(retries.stopped).to.equal(true);
  });
});
