import { expect } from "chai";
import { refusal, replicaItem, replicated } from "../../../../handlers/kinds/replica/item.ts";
import { change } from "../../changes.ts";

const version = "123";
const shown = { _fanout_version: { S: "0000000000000000000000000000000000000123" } };
const now = new Date("2026-01-02T03:04:05.001Z");

describe("replicaItem", () => {
  it("is the item as it is, with its version", () => {
    const one = change({ version, after: { text: { S: "x" }, "aws:rep:updateregion": { S: "eu-west-1" } } });
    expect(replicaItem(one, 14, now)).to.deep.equal({
      id: { S: "a" },
      n: { N: version },
      text: { S: "x" },
      ...shown,
    });
  });

  it("is a tombstone of a deleted item, which expires so many whole days from now, rounded up to the second", () => {
    const one = change({ version, operation: "REMOVE" });
    const seconds = Date.parse("2026-01-16T03:04:06Z") / 1000;
    expect(replicaItem(one, 14, now)).to.deep.equal({
      id: { S: "a" },
      ...shown,
      _fanout_expires: { N: String(seconds) },
    });
  });
});

describe("replicated", () => {
  it("is all but the attributes of an old global table, unless they are keys", () => {
    const item = { id: { S: "a" }, "aws:rep:deleting": { BOOL: true }, "aws:rep:updatetime": { N: "1" } };
    expect(replicated(item, { id: item.id })).to.deep.equal({ id: { S: "a" } });
    const { "aws:rep:updatetime": _, ...rest } = item;
    expect(replicated(item, { "aws:rep:deleting": rest["aws:rep:deleting"] })).to.deep.equal(rest);
  });
});

describe("what cannot be replicated", () => {
  for (const name of ["_fanout_version", "_fanout_expires"])
    it(`is an item with an attribute ${name} of its own`, () => {
      expect(refusal(change({ after: { [name]: { S: "mine" } } }))).to.equal(
        `Its item has an attribute ${name} itself, which the replica needs for its own; rename it, or if the source is a replica itself, replicate what it is made from.`,
      );
    });

  it("is a change that does not carry the item, but for a delete", () => {
    const { after: _, ...less } = change();
    expect(refusal(less)).to.equal(
      "It has no new image; the source's stream must have one (NEW_IMAGE or NEW_AND_OLD_IMAGES).",
    );
    expect(refusal(change({ operation: "REMOVE" }))).to.equal(undefined);
    expect(refusal(change())).to.equal(undefined);
  });
});
