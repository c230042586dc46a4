import { expect } from "chai";
import type { Image } from "../../../handlers/core/contract.ts";
import { byVersion, eventIdOf, keyHash, sortable } from "../../../handlers/core/key-and-version.ts";

describe("keyHash", () => {
  // what is stored under a key's hash is found by it: it is the same in every version of this program
  it("is 64 hexadecimal digits that never change, for every type and form of a key", () => {
    const hashes: [keys: Image, hash: string][] = [
      [{ id: { S: "a" } }, "a897fb799442ab47ef81cddc70d154c00766c4a9607b63f4e45bae70a33aff5d"],
      [{ id: { N: "1.50" } }, "78752ca6c63e6aba91029334505892f62b7d2de792a4d21221244eb720477698"],
      [{ id: { N: "0.0" } }, "176d8919e5672c6d6a0788b6d0070ce30418be673f18e26fec48bb629d1e6af1"],
      [{ id: { N: "-120" } }, "148666b9261dc64940046f8417d0ca4af93c7bf37638d1c14b23991cb7b02d8e"],
      [{ id: { B: new Uint8Array([0, 255]) } }, "4ba43e01d8d241c3dc53e9bbc4d31899c5b7f94b91b0b177f5c3fa59596a5386"],
      [{ id: { N: "1" }, a: { S: "x" } }, "a47cf2b5aa9309b8595a86cd71aef5cd1176a2081753886605fb10b5ad0b5ed7"],
    ];
    for (const [keys, hash] of hashes) expect(keyHash(keys), JSON.stringify(keys)).to.equal(hash);
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

describe("eventIdOf", () => {
  it("never changes, and takes the version as a number", () => {
    for (const version of ["700", "0700"])
      expect(eventIdOf("ab", version)).to.equal("227de36d49575d48a82ad3df496b6de9");
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
