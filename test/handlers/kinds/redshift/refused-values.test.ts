import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import type { Change } from "../../../../handlers/core/contract.ts";
import { claimRefusal, longestString, refusal } from "../../../../handlers/kinds/redshift/refusal.ts";
import { change } from "../../changes.ts";

const noImage = "It has no new image; the source's stream must have one (NEW_IMAGE or NEW_AND_OLD_IMAGES).";
const surrogate = "It holds a string with half a surrogate pair, which Redshift cannot store.";
const long = (what: string, bytes: string) =>
  `It holds a ${what} longer than the ${bytes} bytes that a string in SUPER may have; a warehouse with \`enable_large_strings_opt_in\` takes up to 16,000,000 (setting \`maxStringBytes\`).`;

/** Why a change is refused whose image has this value, where strings may have eight bytes. */
const of = (value: AttributeValue, name = "a") =>
  refusal(change({ version: "1", operation: "INSERT", after: { [name]: value } }), 8);
const fits = { S: "12345678" };
const bytes = (length: number) => new Uint8Array(length);

describe("values that Redshift refuses", () => {
  const cases: [what: string, fits: AttributeValue, refused: AttributeValue, reason: string][] = [
    ["a string", fits, { S: "123456789" }, long("string", "8")],
    ["a string of several bytes a character", { S: "€€12" }, { S: "€€€" }, long("string", "8")],
    ["a string that ends within a character", { S: "🎬" }, { S: "\ud83d" }, surrogate],
    ["one of a set of strings", { SS: ["1", "12345678"] }, { SS: ["1", "123456789"] }, long("string", "8")],
    ["a binary, by its base64 text", { B: bytes(6) }, { B: bytes(7) }, long("binary", "8")],
    ["one of a set of binaries", { BS: [bytes(1), bytes(6)] }, { BS: [bytes(1), bytes(7)] }, long("binary", "8")],
    ["an element of a list", { L: [fits, fits] }, { L: [fits, { S: "123456789" }] }, long("string", "8")],
    ["a value of a map", { M: { a: fits } }, { M: { a: fits, b: { B: bytes(7) } } }, long("binary", "8")],
    ["a name in a map", { M: { "12345678": fits } }, { M: { "123456789": fits } }, long("string", "8")],
  ];
  for (const [what, good, bad, reason] of cases)
    it(`are ${what}`, () => {
      expect(of(good)).to.equal(undefined);
      expect(of(bad)).to.equal(reason);
    });

  it("are names too", () => {
    expect(of(fits, "12345678")).to.equal(undefined);
    expect(of(fits, "123456789")).to.equal(long("string", "8"));
  });

  it("are none that SUPER holds as something else than a string", () => {
    for (const value of [{ N: "123456789" }, { NS: ["123456789"] }, { BOOL: true }, { NULL: true }] as AttributeValue[])
      expect(of(value)).to.equal(undefined);
  });

  it("may be in either image, and in the keys", () => {
    const wrong = { a: { S: "123456789" } };
    const one = (fields: Partial<Change>) => ({ ...change({ version: "1" }), ...fields });
    expect(refusal(one({}), 8)).to.equal(undefined);
    for (const fields of [{ before: wrong }, { after: wrong }, { keys: wrong }])
      expect(refusal(one(fields), 8)).to.equal(long("string", "8"));
    expect(claimRefusal(one({ before: wrong, after: wrong }), 8)).to.equal(undefined);
    expect(claimRefusal(one({ keys: wrong }), 8)).to.equal(long("string", "8"));
  });

  it("are 65,535 bytes at most where nobody says otherwise", () => {
    expect(longestString).to.equal(65_535);
    const one = (S: string) => refusal(change({ after: { s: { S } } }), longestString);
    expect(one("x".repeat(65_535))).to.equal(undefined);
    expect(one("x".repeat(65_536))).to.equal(long("string", "65,535"));
  });
});

describe("changes that Redshift refuses", () => {
  it("have an event id longer than its column", () => {
    const one = (eventId: string) => claimRefusal({ ...change(), eventId }, longestString);
    expect(one("x".repeat(64))).to.equal(undefined);
    const reason = "Its event id is longer than the 64 bytes of the column event_id.";
    for (const eventId of ["x".repeat(65), `€${"x".repeat(62)}`]) expect(one(eventId)).to.equal(reason);
  });

  it("do not carry the item, but for a delete", () => {
    const { after: _, ...less } = change();
    expect(refusal(less, longestString)).to.equal(noImage);
    expect(refusal(change({ operation: "REMOVE" }), longestString)).to.equal(undefined);
  });
});
