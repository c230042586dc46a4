import { expect } from "chai";
import { z } from "zod";
import { given, malformed, runChecks, unlessMalformed, wellFormed } from "../../../infra/settings/well-formed.ts";

const schema = z.strictObject({
  size: z.int().min(1).default(3),
  name: z.string().optional(),
  place: z.strictObject({ city: z.string(), street: z.string().optional() }).optional(),
  parts: z.array(z.int()).optional(),
});
const read = <Found>(raw: unknown, what: (box: z.output<typeof schema>) => Found) =>
  unlessMalformed(() => ({ found: what(wellFormed(schema, raw)) }));

describe("settings of which some are malformed", () => {
  it("are as the schema has them where none is", () => {
    expect(wellFormed(schema, { name: "a" })).to.deep.equal({ size: 3, name: "a" });
  });

  it("have their values and defaults, but for the malformed ones", () => {
    const raw = {
      size: "large",
      name: "a",
      place: { city: 5, street: "b", lane: "c" },
      parts: [1, "2"],
      colour: "red",
    };
    expect(read(raw, ({ name }) => name)).to.deep.equal({ found: "a" });
    expect(read(raw, ({ place }) => place?.street)).to.deep.equal({ found: "b" });
    expect(read({ name: 5 }, ({ size }) => size)).to.deep.equal({ found: 3 });
    expect(read({ name: 5 }, ({ parts, place }) => [parts, place])).to.deep.equal({ found: [undefined, undefined] });
    const refused: readonly ((box: z.output<typeof schema>) => unknown)[] = [
      ({ size }) => size,
      ({ place }) => place?.city,
      ({ parts }) => parts,
      (box) => ({ ...box }),
    ];
    for (const what of refused) expect(read(raw, what)).to.equal(undefined);
    expect(Object.keys(wellFormed(schema, raw))).to.deep.equal(["size", "name", "place", "parts"]);
  });

  it("say nothing of anything where they are no settings at all", () => {
    for (const raw of ["box", null, [1], 5]) expect(read(raw, ({ name }) => name)).to.equal(undefined);
    expect(given(schema, "box")).to.deep.equal({});
  });

  it("are those that are given, without defaults, where that is asked", () => {
    const some = given(schema, { name: "a", size: 0, colour: "red" });
    expect(Object.keys(some)).to.deep.equal(["name", "size"]);
    expect(some.name).to.equal("a");
    expect(unlessMalformed(() => some.size)).to.equal(undefined);
  });

  it("end the check that needs them, and no other", async () => {
    const check = (path: string) => (box: z.output<typeof schema>) => [{ path, message: String(box.size) }];
    const other = () => [{ path: "other", message: "is wrong" }];
    expect(runChecks([check("size"), other], wellFormed(schema, { size: 0 }))).to.deep.equal([
      { path: "other", message: "is wrong" },
    ]);
    expect(await unlessMalformed(async () => wellFormed(schema, { size: 0 }).size)).to.equal(undefined);
    expect(unlessMalformed(malformed)).to.equal(undefined);
  });

  it("hide no fault of a check's own", async () => {
    const fault = new TypeError("oops");
    const thrown = () => {
      throw fault;
    };
    expect(() => unlessMalformed(thrown)).to.throw(fault);
    expect(await unlessMalformed(async () => thrown())?.catch((error: unknown) => error)).to.equal(fault);
  });
});
