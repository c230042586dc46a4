import { expect } from "chai";
import { type ArrivedChange, changeDifference, difference } from "../../../operate/compare/difference.ts";
import type { StreamChange } from "../../../operate/compare/stream.ts";

describe("difference", () => {
  const source = new Map([
    ["a", { n: { N: "1" }, set: { SS: ["x", "y"] } }],
    ["b", { n: { N: "2" } }],
  ]);
  const none = new Set<string>();

  it("finds none between equal copies, whatever the order of names and of sets", () => {
    const copy = new Map<string, unknown>([
      ["b", { n: { N: "2" } }],
      ["a", { set: { SS: ["y", "x"] }, n: { N: "1" } }],
    ]);
    expect(difference(source, copy, none)).to.deep.equal([]);
  });

  it("tells a missing item, a different one and a surplus one apart", () => {
    const copy = new Map<string, unknown>([
      ["a", { n: { N: "1.0" }, set: { SS: ["x", "y"] } }],
      ["c", {}],
    ]);
    expect(difference(source, copy, none)).to.deep.equal([
      "differs in the item with key hash a",
      "lacks the item with key hash b",
      "still has the deleted item with key hash c",
    ]);
  });

  it("minds the order of a list", () => {
    const list = (...values: string[]) => new Map([["a", { l: { L: values.map((S) => ({ S })) } }]]);
    expect(difference(list("x", "y"), list("y", "x"), none)).to.have.length(1);
  });

  it("leaves keys out that are known to be behind", () => {
    expect(difference(source, new Map([["c", {}]]), new Set(["a", "b", "c"]))).to.deep.equal([]);
  });

  it("shows five lines and counts the rest", () => {
    const many = new Map(Array.from({ length: 9 }, (_, i) => [`k${i}`, {}]));
    const lines = difference(many, new Map(), none);
    expect(lines).to.have.length(6);
    expect(lines[5]).to.equal("and 4 more differences");
  });
});

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
