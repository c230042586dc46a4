import { ProvisionedThroughputExceededException } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { backoff, isTransient, retry } from "../../../../local/engine/mapping/retry.ts";
import { TestClock } from "./support/clock.ts";

describe("backoff", () => {
  it("doubles from a quarter of a second up to a minute", () => {
    const delays = Array.from({ length: 10 }, (_, index) => backoff(index + 1, 0));
    expect(delays).to.deep.equal([250, 500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  });

  it("adds up to a quarter at random", () => {
    expect(backoff(3, 1)).to.equal(1250);
    expect(backoff(2000, 1)).to.equal(75_000);
    for (let run = 0; run < 100; run += 1) expect(backoff(1)).to.be.within(250, 312.5);
  });
});

const throttled = () => new ProvisionedThroughputExceededException({ message: "slow down", $metadata: {} });

describe("retry", () => {
  let clock: TestClock;
  let stopping: AbortController;
  let failures: unknown[];
  beforeEach(() => {
    clock = new TestClock(0);
    stopping = new AbortController();
    failures = [];
  });

  const attempt = <T>(call: () => Promise<T>) =>
    retry(call, {
      clock,
      signal: stopping.signal,
      backoff: (failures) => backoff(failures, 0),
      onFailure: (error) => failures.push(error),
    });

  it("waits longer after each failure in a row, a minute at most, for as long as it takes", async () => {
    let remaining = 12;
    const result = await attempt(async () => {
      if (remaining-- > 0) throw throttled();
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
    expect(failures).to.have.length(12);
  });

  it("does not wait for what would only fail again", async () => {
    const error = new TypeError("a mistake");
    const caught = await attempt(async () => {
      throw error;
    }).catch((reason) => reason);
    expect(caught).to.equal(error);
    expect(clock.sleeps).to.deep.equal([]);
  });

  it("makes no call when it was told to stop before", async () => {
    stopping.abort();
    let calls = 0;
    expect(await attempt(async () => ++calls)).to.equal(undefined);
    expect(calls).to.equal(0);
  });

  it("gives up silently when it is told to stop", async () => {
    const result = await attempt(async () => {
      stopping.abort();
      throw throttled();
    });
    expect(result).to.equal(undefined);
    expect(failures).to.deep.equal([]);
  });
});

const error = (name: string, more: object = {}) => Object.assign(new Error("it failed"), { name }, more);
const status = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });

describe("isTransient", () => {
  const table: [string, unknown, boolean][] = [
    ["a throttle", error("ThrottlingException", status(400)), true],
    ["too many requests", error("Something", status(429)), true],
    ["too many readers", error("LimitExceededException", status(400)), true],
    ["a service error", error("InternalFailure", status(500)), true],
    ["a mistake in a call, but for its name", error("InternalFailure", status(499)), false],
    ...[
      "ExpiredIteratorException",
      "InternalServerError",
      "LimitExceededException",
      "ProvisionedThroughputExceededException",
      "RequestLimitExceeded",
      "ThrottlingException",
      "TrimmedDataAccessException",
    ].map((name): [string, unknown, boolean] => [`${name}, by its name alone`, error(name), true]),
    ["a broken connection", error("Error", { code: "ECONNRESET", $metadata: { attempts: 3 } }), true],
    ["a time-out", error("TimeoutError"), true],
    ["a missing stream", error("ResourceNotFoundException", status(400)), false],
    ["a missing right", error("AccessDeniedException", status(400)), false],
    ["a mistake in a program", new TypeError("x is not a function"), false],
    ["a misuse of Node", error("TypeError", { code: "ERR_INVALID_ARG_TYPE" }), false],
    ["a thrown text", "no", false],
    ["a thrown object that is no error", { name: "ThrottlingException", code: "ECONNRESET" }, false],
  ];
  for (const [name, thrown, expected] of table) {
    it(`says ${expected ? "yes" : "no"} to ${name}`, () => expect(isTransient(thrown)).to.equal(expected));
  }
});
