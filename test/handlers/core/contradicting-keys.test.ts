import { expect } from "chai";
import { decode } from "../../../handlers/core/decode.ts";

// biome-ignore lint/suspicious/noExplicitAny: images hold whatever a case needs
type Attributes = Record<string, any>;

const record = (operation: string, Keys: Attributes, images: { OldImage?: Attributes; NewImage?: Attributes }) => ({
  eventID: "event-1",
  eventName: operation,
  dynamodb: {
    ApproximateCreationDateTime: 1_700_000_000,
    Keys,
    ...images,
    SequenceNumber: "1000",
    StreamViewType: "NEW_AND_OLD_IMAGES",
  },
});

const proto = (value: unknown): Attributes => Object.fromEntries([["__proto__", value]]);

/** Why a change is refused whose new, old, or only image has these key attributes. */
function refusals(Keys: Attributes, image: Attributes): string[] {
  const whole = { ...Keys, n: { N: "1" } };
  const records = [
    record("INSERT", Keys, { NewImage: image }),
    record("MODIFY", Keys, { OldImage: whole, NewImage: image }),
    record("MODIFY", Keys, { OldImage: image, NewImage: whole }),
    record("REMOVE", Keys, { OldImage: image }),
  ];
  return records.map((one) => {
    try {
      decode(one, "Records[0]");
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  });
}

/** The four refusals, which name the image and the attribute. */
function naming(attribute: string): string[] {
  return ["NewImage", "NewImage", "OldImage", "OldImage"].map(
    (image) => `Records[0].dynamodb.${image}.${attribute} must be the key attribute that Keys has`,
  );
}

const none = ["", "", "", ""];

describe("keys that contradict an image", () => {
  const contradictions: [what: string, key: object, other: object | undefined][] = [
    ["another string", { S: "a" }, { S: "b" }],
    ["a string of another case", { S: "a" }, { S: "A" }],
    ["the same letter composed otherwise", { S: "\u00e9" }, { S: "e\u0301" }],
    ["another number", { N: "1" }, { N: "10" }],
    ["a number that a double cannot tell apart", { N: "9007199254740993" }, { N: "9007199254740992" }],
    ["a number of the other sign", { N: "1" }, { N: "-1" }],
    ["another binary", { B: "AAE=" }, { B: "AAEA" }],
    ["another type of the same text", { S: "1" }, { N: "1" }],
    ["a type that no key has", { S: "1" }, { SS: ["1"] }],
    ["nothing", { S: "a" }, undefined],
  ];
  for (const [what, key, other] of contradictions)
    it(`are refused where the image has ${what}`, () => {
      expect(refusals({ id: key }, { ...(other && { id: other }), n: { N: "1" } })).to.deep.equal(naming("id"));
    });

  it("are refused in the sort key alone, and under any name", () => {
    const Keys = { id: { S: "a" }, at: { N: "1" } };
    expect(refusals(Keys, { ...Keys, at: { N: "2" } })).to.deep.equal(naming("at"));
    expect(refusals(proto({ S: "a" }), proto({ S: "b" }))).to.deep.equal(naming("__proto__"));
    expect(refusals(proto({ S: "a" }), { id: { S: "a" } })).to.deep.equal(naming("__proto__"));
    expect(refusals({ constructor: { S: "a" } }, { id: { S: "a" } })).to.deep.equal(naming("constructor"));
  });

  const agreements: [what: string, key: object, other: object][] = [
    ["the same number with a fraction of zero", { N: "1" }, { N: "1.0" }],
    ["the same number with an exponent", { N: "-120" }, { N: "-1.2E2" }],
    ["zero of either sign", { N: "0" }, { N: "-0" }],
    ["the same bytes", { B: "AAE=" }, { B: "AAE=" }],
    ["the same string", { S: "\u0000 \ud800" }, { S: "\u0000 \ud800" }],
  ];
  for (const [what, key, other] of agreements)
    it(`are none where the image has ${what}`, () => {
      expect(refusals({ id: key }, { n: { N: "1" }, id: other })).to.deep.equal(none);
    });

  it("are none where the key is called __proto__ and the same", () => {
    expect(refusals(proto({ S: "a" }), { n: { N: "1" }, ...proto({ S: "a" }) })).to.deep.equal(none);
  });
});
