import { expect } from "chai";
import fc from "fast-check";
import { describe as inWords, isPatience, isTransient } from "../../../handlers/core/errors.ts";
import { backOff, pause, persistently } from "../../../handlers/core/retry.ts";
import { callFor } from "../changes.ts";

const failure = (fields: object) => Object.assign(new Error("broken"), fields);

describe("retry", () => {
  it("waits for anything between nothing and a bound that doubles, up to five seconds", () => {
    expect([1, 2, 3, 4].map((attempt) => backOff(attempt, () => 1))).to.deep.equal([50, 100, 200, 400]);
    expect(backOff(50, () => 1)).to.equal(5000);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (attempt) => backOff(attempt) >= 0 && backOff(attempt) < 5000),
    );
  });

  it("does not wait for an attempt that would come too late, and does not count it", async () => {
    const call = callFor(50);
    expect(await pause(1, call)).to.equal(false);
    expect(call.retries).to.equal(0);
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

  it("repeats nothing that no retry can mend", async () => {
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

  it("tells what may pass from what will not", () => {
    const transient = [
      { code: "ECONNRESET" },
      { code: "ENOTFOUND", $metadata: { attempts: 1 } },
      { name: "TimeoutError" },
      { name: "AbortError" },
      { name: "KmsThrottled", $metadata: { httpStatusCode: 400 } },
      { name: "ThrottlingException", $metadata: { httpStatusCode: 400 } },
      { name: "ProvisionedThroughputExceededException", $metadata: { httpStatusCode: 400 } },
      { $retryable: { throttling: true } },
      { $metadata: { httpStatusCode: 503 } },
      { $metadata: { httpStatusCode: 429 } },
    ];
    const lasting = [
      { name: "AccessDeniedException", $metadata: { httpStatusCode: 400 } },
      { name: "QueueDoesNotExist", code: "QueueDoesNotExist", $metadata: { httpStatusCode: 400 } },
      { name: "ResourceNotFoundException", $metadata: { httpStatusCode: 400 } },
      { name: "KmsAccessDenied", $metadata: { httpStatusCode: 400 } },
      { name: "KmsDisabled", $metadata: { httpStatusCode: 400 } },
      { name: "KmsInvalidState", $metadata: { httpStatusCode: 400 } },
      { name: "UnrecognizedClientException", $metadata: { httpStatusCode: 400 } },
      { name: "ExpiredTokenException", $metadata: { httpStatusCode: 403 } },
      { name: "TypeError" },
      { name: "TypeError", code: "ERR_INVALID_ARG_TYPE" },
    ];
    for (const fields of transient) expect(isTransient(failure(fields)), JSON.stringify(fields)).to.equal(true);
    for (const fields of lasting) expect(isTransient(failure(fields)), JSON.stringify(fields)).to.equal(false);
    expect(isTransient("ECONNRESET")).to.equal(false);
    expect(isPatience("ThrottlingException")).to.equal(true);
    expect(isPatience("KMS.ThrottlingException")).to.equal(true);
    expect(isPatience("InvalidMessageContents")).to.equal(false);
  });

  it("puts an error into one short line", () => {
    expect(inWords(failure({ message: "two\n  lines" }))).to.equal("Error: two lines");
    expect(inWords(failure({ message: "", code: "ECONNREFUSED" }))).to.equal("Error: ECONNREFUSED");
    expect(inWords("text")).to.equal("text");
    expect(inWords(new Error("x".repeat(1000)))).to.have.length(300);
  });
});
