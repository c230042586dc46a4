import { expect } from "chai";
import fc from "fast-check";
import {
  backOff,
  concurrently,
  halves,
  pause,
  persistently,
  sdkOptions,
  timeLimit,
} from "../../../handlers/core/requests.ts";
import { callFor, callInRealTime } from "../call-for.ts";
import { serviceError } from "../service-error.ts";

const refusals = new Set(["ValidationException"]);

describe("requests", () => {
  it("have one attempt, 2 seconds to connect and 10 for an answer, and a connection each that stays open", () => {
    const agent = { keepAlive: true, maxSockets: 7 };
    const { maxAttempts, requestHandler } = sdkOptions(7);
    expect(maxAttempts).to.equal(1);
    expect(requestHandler).to.deep.equal({
      connectionTimeout: 2_000,
      requestTimeout: 10_000,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    });
  });

  it("that are refused together are halved, the first half the larger, down to one", () => {
    expect(halves([1, 2, 3, 4, 5])).to.deep.equal([
      [1, 2, 3],
      [4, 5],
    ]);
    expect(halves([1, 2])).to.deep.equal([[1], [2]]);
    expect(halves([1])).to.deep.equal([]);
    expect(halves([])).to.deep.equal([]);
  });

  it("waits for anything between nothing and a bound that doubles, up to 25 seconds", () => {
    expect([1, 2, 3, 4].map((attempt) => backOff(attempt, () => 1))).to.deep.equal([50, 100, 200, 400]);
    expect(backOff(10, () => 1)).to.equal(25_000);
    expect(backOff(50, () => 1)).to.equal(25_000);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, chance) => {
          const ms = backOff(attempt, () => chance);
          return ms >= 0 && ms < 25_000;
        },
      ),
    );
  });

  it("does not wait for an attempt that would come too late, and does not count it", async () => {
    const call = callFor(50);
    expect(await pause(1, call, "busy")).to.equal(false);
    expect(call.retries).to.equal(0);
  });

  it("takes a tenth of a second for an attempt's least time", async () => {
    expect(await pause(1, callFor(100), "busy")).to.equal(false);
    const reasons: string[] = [];
    const call = { ...callFor(101), retried: (reason: string) => void reasons.push(reason) };
    expect(await pause(1, call, "busy")).to.equal(true);
    expect(reasons).to.deep.equal(["busy"]);
  });

  it("have what is left for their limit, to the next whole millisecond, and are not made without", () => {
    const limits: number[] = [];
    const { signal } = new AbortController();
    const abortAfter = (ms: number) => {
      limits.push(ms);
      return signal;
    };
    const left = (ms: number) => timeLimit({ ...callFor(0), remaining: () => ms, abortAfter });
    expect([left(1500.2), left(0.5), left(1)]).to.deep.equal([signal, signal, signal]);
    expect(limits).to.deep.equal([1501, 1, 1]);
    for (const ms of [0, -1])
      expect(() => left(ms))
        .to.throw("No time is left for the call.")
        .with.property("name", "TimeoutError");
    expect(limits).to.have.length(3);
  });

  it("makes its last attempt just before the time is over, however long the pause would be", async () => {
    const slept: number[] = [];
    const call = {
      ...callFor(0),
      remaining: () => 1000,
      sleep: async (ms: number) => void slept.push(ms),
    };
    for (const chance of [0, 0.01, 0.5, 0.999])
      expect(await pause(1000, { ...call, random: () => chance }, "busy")).to.equal(true);
    expect(slept).to.deep.equal([0, 250, 900, 900]);
  });

  it("repeats until it succeeds, and counts", async () => {
    const call = callFor(5000);
    let left = 3;
    const result = await persistently(call, refusals, async () => {
      if (left-- > 0) throw Object.assign(new Error("broken"), { code: "ECONNRESET" });
      return "done";
    });
    expect(result).to.equal("done");
    expect(call.retries).to.equal(3);
  });

  it("waits before each repetition for up to twice as long as before the last", async () => {
    const slept: number[] = [];
    const call = { ...callFor(5000), random: () => 1, sleep: async (ms: number) => void slept.push(ms) };
    let left = 3;
    const send = () => (left-- > 0 ? Promise.reject(new Error("broken")) : Promise.resolve("done"));
    expect(await persistently(call, refusals, send)).to.equal("done");
    expect(slept).to.deep.equal([50, 100, 200]);
  });

  it("repeats nothing that the destination refuses", async () => {
    const call = callFor(5000);
    const wrong = serviceError("ValidationException");
    const error = await persistently(call, refusals, () => Promise.reject(wrong)).catch((reason) => reason);
    expect(error).to.equal(wrong);
    expect(call.retries).to.equal(0);
  });

  it("aborts a request when the time is over", async () => {
    const hanging = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const error = await persistently(callInRealTime(30), refusals, hanging).catch((reason) => reason);
    expect(error.name).to.equal("TimeoutError");
  });

  it("are made a few at a time, in the order of what they are for", async () => {
    const begun: number[] = [];
    let underWay = 0;
    let most = 0;
    const items = [5, 1, 4, 2, 3];
    await concurrently(items, 2, async (item) => {
      begun.push(item);
      most = Math.max(most, ++underWay);
      for (let turn = 0; turn < item; turn++) await Promise.resolve();
      underWay--;
    });
    expect(begun).to.deep.equal(items);
    expect(most).to.equal(2);
    await concurrently([], 2, () => expect.fail("there is nothing to do"));
  });
});
