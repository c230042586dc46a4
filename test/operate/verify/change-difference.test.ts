import { expect } from "chai";
import { type ArrivedChange, changeDifference } from "../../../operate/verify/change-difference.ts";
import type { StreamChange } from "../../../operate/verify/stream-changes.ts";

describe("changeDifference", () => {
  const change = (version: number): StreamChange => ({
    shardId: "shard",
    eventId: `event-${version}`,
    operation: "MODIFY",
    version: `00${version}`,
    keyHash: "a",
    before: { v: { N: String(version - 1) }, set: { SS: ["x", "y"] } },
    after: { v: { N: String(version) } },
    record: {},
  });
  const arrived = (version: number, changed: Partial<ArrivedChange> = {}): ArrivedChange => ({
    eventId: `event-${version}`,
    operation: "MODIFY",
    version: String(version).padStart(40, "0"),
    keyHash: "a",
    before: { set: { SS: ["y", "x"] }, v: { N: String(version - 1) } },
    after: { v: { N: String(version) } },
    ...changed,
  });
  const changes = [change(1), change(2)];
  const none = new Set<string>();
  const compare = (found: ArrivedChange[], excused: ReadonlySet<string> = none) =>
    changeDifference(changes, found, "typed", excused);

  it("finds none where every change arrived, in any order and more than once", () => {
    expect(compare([arrived(2), arrived(1), arrived(2)])).to.deep.equal([]);
  });

  it("finds a change that is missing, unless a failure message covers it", () => {
    expect(compare([arrived(1)])).to.deep.equal(["lacks the change with event id event-2"]);
    expect(compare([arrived(1)], new Set(["event-2"]))).to.deep.equal([]);
    expect(compare([arrived(1), arrived(2)], new Set(["event-2"]))).to.deep.equal([]);
  });

  it("finds a change that the stream does not have, once", () => {
    const problem = "has a change that it should not have, with event id event-3";
    expect(compare([arrived(1), arrived(2), arrived(3), arrived(3)])).to.deep.equal([problem]);
  });

  for (const [what, changed] of Object.entries({
    operation: { operation: "INSERT" },
    version: { version: "3" },
    "key hash": { keyHash: "b" },
    "image before": { before: null },
    "image after": { after: { v: { N: "2.0" } } },
  })) {
    it(`finds another ${what}, though an equal one arrived too`, () => {
      const found = [arrived(1), arrived(2), arrived(2, changed)];
      expect(compare(found)).to.deep.equal(["differs in the change with event id event-2"]);
    });
  }

  it("compares images in the destination's form", () => {
    const plain = { before: { v: "0", set: ["x", "y"] }, after: { v: "1" } };
    expect(changeDifference([change(1)], [arrived(1, plain)], "plain", none)).to.deep.equal([]);
  });
});
