import { expect } from "chai";
import { byVersion, keyHash, sortable } from "../../../handlers/core/key-and-version.ts";

describe("keyHash", () => {
  it("is 64 hexadecimal digits that never change", () => {
    expect(keyHash({ id: { S: "a" } })).to.equal("a897fb799442ab47ef81cddc70d154c00766c4a9607b63f4e45bae70a33aff5d");
  });

  it("does not depend on the order of the attributes", () => {
    expect(keyHash({ id: { S: "a" }, n: { N: "1" } })).to.equal(keyHash({ n: { N: "1" }, id: { S: "a" } }));
  });

  it("takes numbers by value", () => {
    const equal = [
      ["1", "1.0", "+1", "01", "1E0", "0.1e1", "10e-1"],
      ["0", "-0", "0.00", "0E5"],
      ["-120", "-1.2E2", "-0120.0", "-12e1"],
      ["12345678901234567890123456789012345678", "1.2345678901234567890123456789012345678E37"],
    ];
    const hashes = equal.map((numbers) => new Set(numbers.map((N) => keyHash({ id: { N } }))));
    for (const same of hashes) expect(same.size).to.equal(1);
    expect(new Set(hashes.map(([hash]) => hash)).size).to.equal(equal.length);
  });

  it("tells types, names and neighbours apart", () => {
    const keys = [
      { id: { S: "1" } },
      { id: { N: "1" } },
      { id: { B: new Uint8Array([49]) } },
      { di: { S: "1" } },
      { id: { S: "" }, b: { S: "1" } },
      { id: { S: "1" }, b: { S: "" } },
      { id: { N: "10" } },
      { id: { N: "-1" } },
      { id: { N: "0.1" } },
    ];
    expect(new Set(keys.map(keyHash)).size).to.equal(keys.length);
  });

  it("takes no other type", () => {
    expect(() => keyHash({ id: { BOOL: true } })).to.throw("must be a string, a number or a binary");
  });
});

describe("versions", () => {
  it("sort as numbers, and so do their texts", () => {
    const versions = ["9", "10", "100000000000000000000000", "100000000000000000000001", "1".repeat(40)];
    const shuffled = [3, 0, 4, 2, 1].map((i) => ({ version: versions[i]! }));
    expect(shuffled.toSorted(byVersion).map(({ version }) => version)).to.deep.equal(versions);
    const texts = versions.map(sortable);
    expect(texts.toSorted()).to.deep.equal(texts);
    for (const text of texts) expect(text).to.have.length(40);
    expect(byVersion({ version: "7" }, { version: "7" })).to.equal(0);
  });
});
