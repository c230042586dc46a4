import { expect } from "chai";
import { itemSize } from "../../../../local/engine/cost/dynamodb-units.ts";

describe("an item's size", () => {
  for (const [what, value, bytes] of [
    ["a string by its UTF-8", { S: "é€" }, 5],
    ["an empty string", { S: "" }, 0],
    ["a number by two digits a byte", { N: "1234" }, 3],
    ["a number of one digit", { N: "7" }, 2],
    ["zero", { N: "0" }, 1],
    ["a number without its outer zeros, sign and exponent", { N: "-0012300.00" }, 3],
    ["a number with an exponent", { N: "1.5E+20" }, 2],
    ["38 digits", { N: "1".repeat(38) }, 20],
    ["a binary by its raw bytes", { B: Buffer.alloc(7).toString("base64") }, 7],
    ["a boolean", { BOOL: false }, 1],
    ["null", { NULL: true }, 1],
    ["an empty list", { L: [] }, 3],
    ["a list, with a byte for each element", { L: [{ S: "ab" }, { BOOL: true }] }, 8],
    ["an empty map", { M: {} }, 3],
    ["a map, with names and a byte for each element", { M: { one: { S: "ab" } } }, 9],
    ["a set of strings", { SS: ["a", "bc"] }, 3],
    ["a set of numbers", { NS: ["1", "234"] }, 5],
    ["a set of binaries", { BS: [Buffer.alloc(2).toString("base64")] }, 2],
  ] as const)
    it(`counts ${what}`, () => {
      expect(itemSize({ name: value }) - "name".length).to.equal(bytes);
    });

  it("is the sum of its attributes, and nothing where there is no item", () => {
    expect(itemSize({ id: { S: "k" }, ü: { N: "12" } })).to.equal(7);
    expect(itemSize(undefined)).to.equal(0);
  });
});
