import { expect } from "chai";
import fc from "fast-check";
import { decode } from "../../../handlers/core/decode.ts";
import { decodeImage, imageJson } from "../../../handlers/core/image-json.ts";
import { image } from "../arbitraries.ts";
import { change, everything, record } from "../changes.ts";

// biome-ignore lint/suspicious/noExplicitAny: tests spoil records in ways that no type allows
type Loose = any;

describe("decode", () => {
  const spoilt = (spoil: (good: Loose) => void, one = change({ before: everything, after: everything })) => {
    const good = structuredClone(record(one));
    spoil(good);
    return () => decode(good, "Records[3]");
  };

  it("decodes inserts, modifications and removals with every type", () => {
    for (const operation of ["INSERT", "MODIFY", "REMOVE"] as const) {
      const one = change({ operation, before: everything, after: everything });
      expect(decode(record(one), "Records[0]")).to.deep.equal(one);
    }
  });

  it("marks what time to live deleted, and nothing else", () => {
    const gone = change({ operation: "REMOVE" });
    expect(spoilt(() => {}, { ...gone, expired: true })().expired).to.equal(true);
    expect(spoilt(() => {}, gone)().expired).to.equal(false);
    const others = [
      { type: "Service", principalId: "other.amazonaws.com" },
      { type: "User", principalId: "dynamodb.amazonaws.com" },
      null,
    ];
    for (const userIdentity of others)
      expect(spoilt((one) => Object.assign(one, { userIdentity }), gone)().expired).to.equal(false);
  });

  it("takes the images that each view type has", () => {
    const views: Record<string, string[]> = {
      KEYS_ONLY: [],
      NEW_IMAGE: ["after"],
      OLD_IMAGE: ["before"],
      NEW_AND_OLD_IMAGES: ["before", "after"],
    };
    for (const [view, images] of Object.entries(views)) {
      const one = spoilt((good) => {
        good.dynamodb.StreamViewType = view;
        if (!images.includes("before")) delete good.dynamodb.OldImage;
        if (!images.includes("after")) delete good.dynamodb.NewImage;
      })();
      expect(["before", "after"].filter((name) => name in one)).to.deep.equal(images);
    }
  });

  it("rounds the time down to the second", () => {
    const timed = (ApproximateCreationDateTime: number) =>
      spoilt(({ dynamodb }) => Object.assign(dynamodb, { ApproximateCreationDateTime }))().time;
    expect(timed(1_700_000_000.9)).to.equal("2023-11-14T22:13:20Z");
    expect(timed(0)).to.equal("1970-01-01T00:00:00Z");
    expect(timed(253_402_300_799)).to.equal("9999-12-31T23:59:59Z");
  });

  it("takes a size of nothing", () => {
    expect(spoilt(({ dynamodb }) => Object.assign(dynamodb, { SizeBytes: 0 }))().bytes).to.equal(0);
  });

  const value = (attribute: unknown) => (one: Loose) => {
    one.dynamodb.NewImage.price = attribute;
  };
  const body = (fields: object) => (one: Loose) => Object.assign(one.dynamodb, fields);
  const cases: [problem: string, spoil: (good: Loose) => void][] = [
    ["Records[3].dynamodb.NewImage.price.N must be a number, as a decimal string", value({ N: "1,5" })],
    ["Records[3].dynamodb.NewImage.price.N must be a number, as a decimal string", value({ N: 1.5 })],
    ["Records[3].dynamodb.NewImage.price.N must be a number, as a decimal string", value({ N: "NaN" })],
    ["Records[3].dynamodb.NewImage.price.NS[1] must be a number, as a decimal string", value({ NS: ["1", ""] })],
    ["Records[3].dynamodb.NewImage.price.NS must not be empty", value({ NS: [] })],
    ["Records[3].dynamodb.NewImage.price.SS must be an array", value({ SS: "a" })],
    ["Records[3].dynamodb.NewImage.price.S must be a string", value({ S: null })],
    ["Records[3].dynamodb.NewImage.price.B must be base64 text", value({ B: "a-_b" })],
    ["Records[3].dynamodb.NewImage.price.B must be base64 text", value({ B: "YWJj=" })],
    ["Records[3].dynamodb.NewImage.price.B must be base64 text", value({ B: { 0: 1 } })],
    ["Records[3].dynamodb.NewImage.price.BS[0] must be base64 text", value({ BS: ["?"] })],
    ["Records[3].dynamodb.NewImage.price.BOOL must be true or false", value({ BOOL: "true" })],
    ["Records[3].dynamodb.NewImage.price.NULL must be true", value({ NULL: false })],
    ["Records[3].dynamodb.NewImage.price.L[0].M.deep must be an object", value({ L: [{ M: { deep: null } }] })],
    ["Records[3].dynamodb.NewImage.price.L must be an array", value({ L: {} })],
    ["Records[3].dynamodb.NewImage.price.M must be an object", value({ M: [] })],
    ['Records[3].dynamodb.NewImage.price has the unknown type tag "X"', value({ X: "1" })],
    ['Records[3].dynamodb.NewImage.price has the unknown type tag "constructor"', value({ constructor: "1" })],
    [
      'Records[3].dynamodb.NewImage.price has the unknown type tag "abcdefghijklmnopqrst"',
      value({ abcdefghijklmnopqrstuvwxyz: "1" }),
    ],
    ["Records[3].dynamodb.NewImage.price must hold exactly one type tag", value({})],
    ["Records[3].dynamodb.NewImage.price must hold exactly one type tag", value({ S: "a", N: "1" })],
    ["Records[3].dynamodb.NewImage.price must be an object", value("a")],
    ["Records[3].dynamodb.NewImage is missing from a MODIFY of NEW_AND_OLD_IMAGES", body({ NewImage: undefined })],
    [
      "Records[3].dynamodb.OldImage is missing from a MODIFY of OLD_IMAGE",
      body({ StreamViewType: "OLD_IMAGE", OldImage: undefined, NewImage: undefined }),
    ],
    ["Records[3].dynamodb.OldImage has no place in a MODIFY of NEW_IMAGE", body({ StreamViewType: "NEW_IMAGE" })],
    ["Records[3].dynamodb.Keys.id must be a string, a number or a binary", body({ Keys: { id: { BOOL: true } } })],
    [
      "Records[3].dynamodb.StreamViewType must be one of KEYS_ONLY, NEW_IMAGE, OLD_IMAGE, NEW_AND_OLD_IMAGES",
      body({ StreamViewType: "ALL" }),
    ],
    ["Records[3].dynamodb.Keys must be an object", body({ Keys: undefined })],
    ["Records[3].dynamodb.Keys must not be empty", body({ Keys: {} })],
    [
      "Records[3].dynamodb.SequenceNumber must be a decimal string of up to 40 digits",
      body({ SequenceNumber: undefined }),
    ],
    ["Records[3].dynamodb.SequenceNumber must be a decimal string of up to 40 digits", body({ SequenceNumber: 123 })],
    [
      "Records[3].dynamodb.SequenceNumber must be a decimal string of up to 40 digits",
      body({ SequenceNumber: "1".repeat(41) }),
    ],
    [
      "Records[3].dynamodb.ApproximateCreationDateTime must be a number of seconds since 1970",
      body({ ApproximateCreationDateTime: "1700000000" }),
    ],
    [
      "Records[3].dynamodb.ApproximateCreationDateTime must be a number of seconds since 1970",
      body({ ApproximateCreationDateTime: 1_700_000_000_000 }),
    ],
    [
      "Records[3].dynamodb.ApproximateCreationDateTime must be a number of seconds since 1970",
      body({ ApproximateCreationDateTime: -1 }),
    ],
    [
      "Records[3].dynamodb.ApproximateCreationDateTime must be a number of seconds since 1970",
      body({ ApproximateCreationDateTime: 253_402_300_800 }),
    ],
    ["Records[3].dynamodb.SizeBytes must be a whole number of bytes", body({ SizeBytes: "70" })],
    ["Records[3].dynamodb.SizeBytes must be a whole number of bytes", body({ SizeBytes: 1.5 })],
    ["Records[3].dynamodb.SizeBytes must be a whole number of bytes", body({ SizeBytes: -1 })],
    ["Records[3].dynamodb must be an object", (one) => Object.assign(one, { dynamodb: null })],
    ["Records[3].eventID must be a non-empty string", (one) => Object.assign(one, { eventID: "" })],
    [
      "Records[3].eventName must be one of INSERT, MODIFY, REMOVE",
      (one) => Object.assign(one, { eventName: "DELETE" }),
    ],
  ];
  for (const [problem, spoil] of cases) {
    it(`says: ${problem}`, () => expect(thrownBy(spoilt(spoil))).to.equal(problem));
  }

  it("says what is wrong with the identity of who deleted an item, and does not ask who wrote one", () => {
    const gone = change({ operation: "REMOVE" });
    expect(spoilt((one) => Object.assign(one, { userIdentity: "root" }))().expired).to.equal(false);
    expect(spoilt((one) => Object.assign(one, { userIdentity: "root" }), gone)).to.throw(
      "Records[3].userIdentity must be an object",
    );
  });

  it("reads back what the typed form writes, for any item", () => {
    fc.assert(
      fc.property(image, (one) => {
        const read = decodeImage(JSON.parse(JSON.stringify(imageJson(one, "typed"))), "image");
        expect(read).to.deep.equal(one);
        expect(Object.keys(read)).to.have.members(Object.keys(one));
      }),
      { numRuns: 500 },
    );
  });
});

function thrownBy(run: () => unknown): string {
  try {
    return `nothing was wrong: ${JSON.stringify(run())}`;
  } catch (error) {
    return (error as Error).message;
  }
}
