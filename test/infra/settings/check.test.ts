import { expect } from "chai";
import { z } from "zod";
import { check, inOneLine, join, show, suggest } from "../../../infra/settings/check.ts";
import { allowed, jsonSchema } from "../../../infra/settings/json-schema.ts";

describe("what a schema allows", () => {
  for (const [schema, words] of [
    [z.int(), "a whole number"],
    [z.int().max(5), "a whole number of at most 5"],
    [z.number().min(0.5).max(2), "a number from 0.5 to 2"],
    [z.boolean(), "true or false"],
    [z.literal("all"), "all"],
    [z.enum(["S", "N"]), "one of S, N"],
    [z.string().max(9), "text of at most 9 characters"],
    [z.string().regex(/^a+$/), "text that matches ^a+$"],
    [z.string(), "text"],
    [z.array(z.int().min(1)).max(3), "a list of at most 3, each a whole number of at least 1"],
    [z.union([z.literal(-1), z.int().min(60)]), "-1 or a whole number of at least 60"],
    [z.strictObject({ a: z.string(), b: z.string() }), "settings (a, b)"],
    [z.record(z.string(), z.string()), "settings by name"],
    [z.unknown(), "any value"],
    [z.string().meta({ allowed: "a colour" }), "a colour"],
  ] as const)
    it(`is ${words}`, () => {
      expect(allowed(jsonSchema(schema))).to.equal(words);
    });
});

describe("a check", () => {
  const schema = z.strictObject({
    size: z.int().min(1).optional(),
    parts: z.array(z.strictObject({ name: z.string() })).optional(),
    place: z.union([z.strictObject({ city: z.string() }), z.strictObject({ x: z.int(), y: z.int() })]).optional(),
  });

  it("hands the value on, defaults applied", () => {
    expect(check(z.strictObject({ size: z.int().default(3) }), {}, "box")).to.deep.equal({ value: { size: 3 } });
  });

  it("finds its way into lists", () => {
    expect(check(schema, { parts: [{ name: "a" }, { name: 5, nane: 1 }] }, "box")).to.deep.equal({
      problems: [
        {
          path: "box.parts[1].name",
          message: "5 is not allowed; expected text",
          withoutValue: "is not allowed; expected text",
        },
        {
          path: "box.parts[1].nane",
          message: "is not a setting; did you mean `name`?",
          withoutValue: "is not a setting; did you mean `name`?",
        },
      ],
    });
  });

  it("speaks of the alternative that the value comes nearest to", () => {
    expect(check(schema, { place: { x: 1, y: "2" } }, "box")).to.deep.equal({
      problems: [
        {
          path: "box.place.y",
          message: '"2" is not allowed; expected a whole number',
          withoutValue: "is not allowed; expected a whole number",
        },
      ],
    });
    expect(check(schema, { place: "home" }, "box")).to.deep.equal({
      problems: [
        {
          path: "box.place",
          message: '"home" is not allowed; expected settings (city) or settings (x, y)',
          withoutValue: "is not allowed; expected settings (city) or settings (x, y)",
        },
      ],
    });
  });

  it("keeps the schema's own words", () => {
    const even = z.strictObject({ size: z.int().refine((n) => n % 2 === 0, { error: "must be even" }) });
    expect(check(even, { size: 3 }, "box")).to.deep.equal({
      problems: [
        { path: "box.size", message: "must be even", withoutValue: "is not allowed; expected a whole number" },
      ],
    });
  });

  it("shows values and paths in one line that does nothing to a terminal", () => {
    expect(show("a\n\u001b[2J\u202e\u2028\ud800")).to.equal('"a\\n\\u001b[2J\\u{202e}\\u{2028}\\ud800"');
    expect(show(`${"x".repeat(55)}😀😀`)).to.equal(`"${"x".repeat(55)}...`);
    expect([show(Number.POSITIVE_INFINITY), show(undefined)]).to.deep.equal(["Infinity", "undefined"]);
    expect(join("box", ["parts", 1, "two words", "a.b", 'q"', ""])).to.equal(
      'box.parts[1].two words["a.b"]["q\\""][""]',
    );
    expect(inOneLine("a\nb")).to.equal("a\\u{a}b");
  });

  it("cuts a long value", () => {
    expect(show("x".repeat(100))).to.equal(`"${"x".repeat(56)}...`);
  });
});

const names = ["batchSize", "mapping.memorySize", "fifo", "timeout", "redshift"];

describe("a suggestion", () => {
  for (const [word, meant] of [
    ["batchsize", "batchSize"],
    ["bacthSize", "batchSize"],
    ["memory", "mapping.memorySize"],
    ["memorySize", "mapping.memorySize"],
    ["fifoo", "fifo"],
    ["Redshift", "redshift"],
    ["timeouts", "timeout"],
  ] as const)
    it(`for ${word} is ${meant}`, () => {
      expect(suggest(word, names)).to.equal(meant);
    });

  for (const word of ["colour", "to", "", "size"])
    it(`for ${JSON.stringify(word)} is none`, () => {
      expect(suggest(word, names)).to.equal(undefined);
    });
});
