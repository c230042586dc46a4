import { expect } from "chai";
import { lastReasonIn, reasonsIn } from "../../../local/demo/said.ts";

describe("what a function said", () => {
  const line = (level: string, more: object) => JSON.stringify({ level, ...more });
  const failures = [{ sequenceNumber: "1", destination: "copy", reason: "throttled" }];
  const log = [
    "plain text",
    "{ odd: 'text' }",
    line("WARN", { failures }),
    line("WARN", {
      failures: [{ ...failures[0], reason: "too odd" }],
      undecodable: { sequenceNumber: "2", reason: "no keys" },
    }),
  ];

  it("of a change is the last reason, whatever else is in the log", () => {
    expect([...reasonsIn(log)]).to.deep.equal([
      ["1", "too odd"],
      ["2", "no keys"],
    ]);
  });

  it("of its last batch is its first reason, unless that went well", () => {
    expect(lastReasonIn(log)).to.equal("too odd");
    expect(lastReasonIn([...log, "plain text"])).to.equal("too odd");
    expect(lastReasonIn([...log, line("INFO", {})])).to.equal(undefined);
    expect(lastReasonIn(["{ odd: 'text' }"])).to.equal(undefined);
  });
});
