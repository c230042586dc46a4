import type { DynamoDBRecord } from "aws-lambda";
import { expect } from "chai";
import { compileFilter } from "../../../operate/stream/filter.ts";

describe("compileFilter", () => {
  it("passes what matches one of the patterns", () => {
    const passes = compileFilter(['{"eventName":["INSERT"]}', '{"eventName":["REMOVE"]}']);
    expect(["INSERT", "MODIFY", "REMOVE"].filter((eventName) => passes({ eventName } as DynamoDBRecord))).to.deep.equal(
      ["INSERT", "REMOVE"],
    );
  });

  it("passes everything without patterns", () => expect(compileFilter([])({})).to.equal(true));
});
