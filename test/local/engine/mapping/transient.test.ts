import { expect } from "chai";
import { isTransient } from "../../../../local/engine/mapping/transient.ts";

const error = (name: string, more: object = {}) => Object.assign(new Error("it failed"), { name }, more);
const status = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });

describe("isTransient", () => {
  const table: [string, unknown, boolean][] = [
    ["a throttle", error("ThrottlingException", status(400)), true],
    ["too many requests", error("Something", status(429)), true],
    ["too many readers", error("LimitExceededException", status(400)), true],
    ["a service error", error("InternalFailure", status(500)), true],
    ["a broken connection", error("Error", { code: "ECONNRESET", $metadata: { attempts: 3 } }), true],
    ["a time-out", error("TimeoutError"), true],
    ["a missing stream", error("ResourceNotFoundException", status(400)), false],
    ["a missing right", error("AccessDeniedException", status(400)), false],
    ["a mistake in a program", new TypeError("x is not a function"), false],
    ["a misuse of Node", error("TypeError", { code: "ERR_INVALID_ARG_TYPE" }), false],
    ["a thrown text", "no", false],
  ];
  for (const [name, thrown, expected] of table) {
    it(`says ${expected ? "yes" : "no"} to ${name}`, () => expect(isTransient(thrown)).to.equal(expected));
  }
});
