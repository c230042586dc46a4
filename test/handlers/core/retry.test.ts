import { expect } from "chai";
import fc from "fast-check";
import { describe as inWords, isRefusal, isRefusalCode } from "../../../handlers/core/errors.ts";
import { backOff, pause, persistently } from "../../../handlers/core/retry.ts";
import { callFor } from "../changes.ts";

const failure = (fields: object) => Object.assign(new Error("broken"), fields);

describe("retry", () => {
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
    const result = await persistently(call, async () => {
      if (left-- > 0) throw failure({ code: "ECONNRESET" });
      return "done";
    });
    expect(result).to.equal("done");
    expect(call.retries).to.equal(3);
  });

  it("repeats nothing that the destination refuses", async () => {
    const call = callFor(5000);
    const wrong = failure({ name: "ValidationException", $metadata: { httpStatusCode: 400 } });
    const error = await persistently(call, () => Promise.reject(wrong)).catch((reason) => reason);
    expect(error).to.equal(wrong);
    expect(call.retries).to.equal(0);
  });

  it("aborts a request when the time is over", async () => {
    const hanging = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const error = await persistently(callFor(30), hanging).catch((reason) => reason);
    expect(error.name).to.equal("TimeoutError");
  });

  it("tells what is refused from what is to be waited for", () => {
    const refused = [
      { name: "ValidationException", $metadata: { httpStatusCode: 400 } },
      { name: "ConditionalCheckFailedException", $metadata: { httpStatusCode: 400 } },
      { name: "InvalidArgumentException", $metadata: { httpStatusCode: 400 } },
      { name: "AWS.SimpleQueueService.BatchRequestTooLong", $metadata: { httpStatusCode: 400 } },
      { $metadata: { httpStatusCode: 413 } },
    ];
    const unavailable = [
      { code: "ECONNRESET" },
      { code: "ENOTFOUND", $metadata: { attempts: 1 } },
      { name: "TimeoutError" },
      { name: "AbortError" },
      { name: "CredentialsProviderError" },
      { name: "ProvisionedThroughputExceededException", $metadata: { httpStatusCode: 400 } },
      { $metadata: { httpStatusCode: 503 } },
      { $metadata: { httpStatusCode: 429 } },
      { name: "AccessDeniedException", $metadata: { httpStatusCode: 400 } },
      { name: "QueueDoesNotExist", code: "QueueDoesNotExist", $metadata: { httpStatusCode: 400 } },
      { name: "ResourceNotFoundException", $metadata: { httpStatusCode: 400 } },
      { name: "KmsAccessDenied", $metadata: { httpStatusCode: 400 } },
      { name: "ExpiredTokenException", $metadata: { httpStatusCode: 403 } },
      { name: "NobodyKnows", $metadata: { httpStatusCode: 400 } },
    ];
    for (const fields of refused) expect(isRefusal(failure(fields)), JSON.stringify(fields)).to.equal(true);
    for (const fields of unavailable) expect(isRefusal(failure(fields)), JSON.stringify(fields)).to.equal(false);
    expect(isRefusal(new TypeError("not a string"))).to.equal(true);
    // what a client makes of an answer that is none, such as a proxy's page
    expect(isRefusal(Object.assign(new TypeError("no"), { $metadata: { httpStatusCode: 502 } }))).to.equal(false);
    expect(isRefusal("ECONNRESET")).to.equal(false);
    expect(isRefusalCode("InvalidMessageContents")).to.equal(true);
    expect(isRefusalCode("KMS.ThrottlingException")).to.equal(false);
    expect(isRefusalCode("InternalError")).to.equal(false);
  });

  it("puts an error into one short line", () => {
    expect(inWords(failure({ message: "two\n  lines" }))).to.equal("Error: two lines");
    expect(inWords(failure({ message: "", code: "ECONNREFUSED" }))).to.equal("Error: ECONNREFUSED");
    expect(inWords("text")).to.equal("text");
    expect(inWords(new Error("x".repeat(1000)))).to.have.length(300);
  });
});
