import { expect } from "chai";
import { difference } from "../../../operate/verify/difference.ts";

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
