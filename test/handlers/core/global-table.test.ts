import { expect } from "chai";
import fc from "fast-check";
import type { Deliver, Image } from "../../../handlers/core/contract.ts";
import { decode } from "../../../handlers/core/decode.ts";
import type { SourceFacts } from "../../../handlers/core/global-table.ts";
import { row } from "../../../handlers/kinds/redshift/row.ts";
import { message } from "../../../handlers/messages/message.ts";
import { change, record } from "../changes.ts";
import { type Loose, setUp } from "./set-up.ts";

const now = 1_800_000_000;
const day = 86_400;
const number = (value: number) => ({ N: String(value) });

/** What the old version of global tables adds to an item. */
const old: Image = {
  "aws:rep:deleting": { BOOL: true },
  "aws:rep:updatetime": { N: `${now - 5}.780001` },
  "aws:rep:updateregion": { S: "eu-west-1" },
};

/** A delete of an item, without identity unless it is given. */
function deletion(item: Image, more: { userIdentity?: unknown; dynamodb?: object } = {}): Loose {
  const one: Loose = record(change({ operation: "REMOVE" }));
  const id = { S: "a" };
  const image: Loose = JSON.parse(JSON.stringify(item));
  Object.assign(one.dynamodb, { OldImage: { ...image, id }, ApproximateCreationDateTime: now }, more.dynamodb);
  return { ...one, ...("userIdentity" in more && { userIdentity: more.userIdentity }) };
}

const expired = (one: Loose, source?: SourceFacts) => decode(one, "Records[0]", source).expired;

const anywhere: SourceFacts = { writes: "anywhere" };
const ending: SourceFacts = { writes: "anywhere", ttlAttribute: "ends" };
const over: Image = { ends: number(now - day) };

describe("a delete without an identity", () => {
  it("is a writer's where the table is written to in this Region only", () => {
    expect(expired(deletion(over))).to.equal(false);
    expect(expired(deletion(over), { writes: "here", ttlAttribute: "ends" })).to.equal(false);
    expect(expired(deletion({ ...over, ...old }), { writes: "here" })).to.equal(false);
  });

  it("may be time to live's of another Region where writes come from anywhere, and the item's end had passed", () => {
    expect(expired(deletion(over), ending)).to.equal(undefined);
    expect(decode(deletion(over), "Records[0]", ending)).to.not.have.property("expired");
  });

  for (const [what, item] of [
    ["no end", {}],
    ["an end that is still to come", { ends: number(now + day) }],
    ["an end of more than five years ago, which time to live passes over", { ends: number(now - 6 * 365 * day) }],
    ["an end that is no number", { ends: { S: String(now - day) } }],
    ["a past number in another attribute", { made: number(now - day) }],
  ] as const)
    it(`is a writer's in any case where the item had ${what}`, () => {
      expect(expired(deletion(item), ending)).to.equal(false);
    });

  it("counts to the second, with a minute for the clocks of two Regions", () => {
    const at = (seconds: number) => expired(deletion({ ends: number(now + seconds) }), ending);
    expect([at(-1), at(0), at(60), at(61)]).to.deep.equal([undefined, undefined, undefined, false]);
  });

  it("counts five years, with leap days and a day more, to the second too", () => {
    const at = (seconds: number) => expired(deletion({ ends: number(now + seconds) }), ending);
    const days = 5 * 365 + 3;
    expect([at(-days * day - 1), at(-days * day), at(1 - days * day)]).to.deep.equal([false, undefined, undefined]);
  });

  it("may be time to live's for any past number, where it is not known which attribute says when an item ends", () => {
    expect(expired(deletion({ made: number(now - day) }), anywhere)).to.equal(undefined);
    const none = { n: { N: "3" }, milliseconds: number(now * 1000), later: number(now + day), text: { S: "a" } };
    expect(expired(deletion(none), anywhere)).to.equal(false);
  });

  it("cannot be told where the record has no old image, or no time", () => {
    const bare = deletion({}, { dynamodb: { OldImage: undefined, StreamViewType: "NEW_IMAGE" } });
    expect(expired(bare, ending)).to.equal(undefined);
    const timeless = deletion({ ends: number(now + day) }, { dynamodb: { ApproximateCreationDateTime: undefined } });
    expect(expired(timeless, ending)).to.equal(undefined);
  });

  it("shows by its attributes that it is of an old global table, whatever is known of the table", () => {
    expect(expired(deletion({ ...over, ...old }))).to.equal(undefined);
    for (const [name, value] of Object.entries(old))
      expect(expired(deletion({ ...over, [name]: value })), name).to.equal(undefined);
    expect(expired(deletion(old)), "the time of the last write is no end").to.equal(false);
    expect(expired(deletion({ ...over, "aws:rep:other": { S: "mine" } }))).to.equal(false);
  });

  it("is what it says where it has an identity", () => {
    const service = { type: "Service", principalId: "dynamodb.amazonaws.com" };
    expect(expired(deletion({ ...over, ...old }, { userIdentity: service }), ending)).to.equal(true);
    expect(expired(deletion(over, { userIdentity: { ...service, principalId: "someone" } }), ending)).to.equal(false);
  });

  it("is never said to be a writer's if time to live may have done it, for any item and any time", () => {
    const item = fc.dictionary(
      fc.constantFrom("ends", "made", "n"),
      fc.integer({ min: now - 3 * day, max: now + day }),
    );
    fc.assert(
      fc.property(item, fc.boolean(), (numbers, isKnown) => {
        const image = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, number(value)]));
        const ends = isKnown ? [numbers.ends] : Object.values(numbers);
        const mayBe = ends.some((end) => end !== undefined && end <= now + 60);
        expect(expired(deletion(image), isKnown ? ending : anywhere)).to.equal(mayBe ? undefined : false);
      }),
      { numRuns: 500, seed: 9 },
    );
  });
});

describe("a change of which nobody can tell whether it expired", () => {
  const [unknown, known] = [deletion(over), deletion({})].map((one) => decode(one, "Records[0]", ending));

  it("has no value in the warehouse", () => {
    expect(JSON.parse(row(unknown!, "typed", new Date(0)))).to.not.have.property("expired");
    expect(JSON.parse(row(known!, "typed", new Date(0)))).to.have.property("expired", false);
  });

  it("is null in a message, without an attribute that readers would filter on", () => {
    const form = { images: "typed", mostBytes: 1_000_000 } as const;
    expect(JSON.parse(message(unknown!, form).body)).to.have.property("expired", null);
    expect(message(unknown!, form).attributes).to.have.all.keys("operation", "version", "eventId", "redriven");
    expect(JSON.parse(message(known!, form).body)).to.have.property("expired", false);
    expect(message(known!, form).attributes).to.include({ expired: "false" });
  });
});

describe("what a function knows of its source", () => {
  const event = { Records: [deletion(over)] };
  const seen = async (source: SourceFacts) => {
    let got: unknown;
    const one: Deliver = async ([first]) => {
      got = first!.expired;
      return [];
    };
    await setUp({ one }, source).invoke(event);
    return got;
  };

  it("comes with its code, where nothing is said for most", async () => {
    expect(await seen({})).to.equal(false);
    expect(await seen({ writes: "here", ttlAttribute: "ends" })).to.equal(false);
    expect(await seen({ writes: "anywhere", ttlAttribute: "ends" })).to.equal(undefined);
    expect(await seen({ writes: "anywhere", ttlAttribute: "other" })).to.equal(false);
  });
});
