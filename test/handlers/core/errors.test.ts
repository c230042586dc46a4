import { expect } from "chai";
import { errorLine, isRefusal, isRefusalCode } from "../../../handlers/core/errors.ts";

const failure = (fields: object) => Object.assign(new Error("broken"), fields);
const codes = new Set(["ValidationException", "BatchRequestTooLong", "InvalidMessageContents"]);

describe("errors", () => {
  it("tells what is refused from what is to be waited for", () => {
    const refused = [
      { name: "ValidationException", $metadata: { httpStatusCode: 400 } },
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
    for (const fields of refused) expect(isRefusal(failure(fields), codes), JSON.stringify(fields)).to.equal(true);
    for (const fields of unavailable) expect(isRefusal(failure(fields), codes), JSON.stringify(fields)).to.equal(false);
    expect(isRefusal(new TypeError("not a string"), codes)).to.equal(true);
    // what a client makes of an answer that is none, such as a proxy's page
    expect(isRefusal(Object.assign(new TypeError("no"), { $metadata: { httpStatusCode: 502 } }), codes)).to.equal(
      false,
    );
    expect(isRefusal(failure({ name: "ConditionalCheckFailedException", $metadata: {} }), codes)).to.equal(false);
    expect(isRefusal("ECONNRESET", codes)).to.equal(false);
    expect(isRefusalCode("InvalidMessageContents", codes)).to.equal(true);
    expect(isRefusalCode("KMS.ThrottlingException", codes)).to.equal(false);
    expect(isRefusalCode("InternalError", codes)).to.equal(false);
  });

  it("puts an error into one short line", () => {
    expect(errorLine(failure({ message: "two\n  lines" }))).to.equal("Error: two lines");
    expect(errorLine(failure({ message: "", code: "ECONNREFUSED" }))).to.equal("Error: ECONNREFUSED");
    expect(errorLine("text")).to.equal("text");
    expect(errorLine(new Error("x".repeat(1000)))).to.have.length(300);
  });
});
