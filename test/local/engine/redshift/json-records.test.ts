import { expect } from "chai";
import fc from "fast-check";
import { jsonRecords } from "../../../../local/engine/redshift/json-records.ts";

const read = (text: string) => [...jsonRecords(text)].map(({ line, content }) => [line, content]);

describe("the JSON objects of a file", () => {
  it("may stand on lines of their own, over several lines, and one after the other", () => {
    expect(read('{"a":1}\n\n {"b":{"c":"}{"}}{"d":"\\"}"} \n{\n "e": [\n{}]\n}\n{"f":1}')).to.deep.equal([
      [1, { a: 1 }],
      [3, { b: { c: "}{" } }],
      [3, { d: '"}' }],
      [4, { e: [{}] }],
      [8, { f: 1 }],
    ]);
    expect(read(" \n")).to.deep.equal([]);
  });

  it("are kept apart from what is none, line by line", () => {
    expect(read('{"a":1}\n{"b":"\n[1]\n"x"\n{"c":}\n{"d":1}')).to.deep.equal([
      [1, { a: 1 }],
      [2, "Invalid JSON"],
      [3, "Invalid JSON: a row must be an object"],
      [4, "Invalid JSON: a row must be an object"],
      [5, "Invalid JSON"],
      [6, { d: 1 }],
    ]);
  });

  it("may have 4 MB and no more", () => {
    const object = (bytes: number) => `{"a":"${"é".repeat((bytes - 8) / 2)}"}`;
    expect(read(object(4_194_304))[0]?.[1]).to.be.an("object");
    expect(read(object(4_194_306))[0]?.[1]).to.equal("JSON object is larger than 4194304 bytes");
  });

  it("are found whatever they hold and however they are joined", () => {
    const object = fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue());
    const joint = fc.constantFrom("", "\n", " ", "\r\n");
    fc.assert(
      fc.property(fc.array(fc.tuple(object, joint, fc.constantFrom(undefined, 2))), (all) => {
        const text = all.map(([value, between, indent]) => JSON.stringify(value, null, indent) + between).join("");
        const found = read(text).map(([, content]) => JSON.stringify(content));
        expect(found).to.deep.equal(all.map(([value]) => JSON.stringify(JSON.parse(JSON.stringify(value)))));
      }),
    );
  });
});
