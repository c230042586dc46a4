import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { copyFailure, redshiftSuite } from "./support/redshift-suite.ts";

describe("Redshift", function () {
  this.timeout(60_000);
  const suite = redshiftSuite();
  const { table, load, rows } = suite;

  describe("COPY", () => {
    it("maps fields to columns by their exact names", async () => {
      const name = await table("a varchar(9), b int, c varchar(9) DEFAULT 'dft', d varchar(9) DEFAULT 'dft'");
      const count = await load(name, [{ b: 1, a: "x", A: "no", z: {} }, { A: "no" }], { columns: 'a, "b", C' });
      expect(count).to.equal(2);
      expect(await rows(name)).to.deep.equal([
        { a: "x", b: 1, c: null, d: "dft" },
        { a: null, b: null, c: null, d: "dft" },
      ]);
      await load(name, [{ A: "yes" }], { options: "JSON 'auto ignorecase'", columns: "a" });
      expect((await rows(name))[2]).to.include({ a: "yes" });
    });

    it("keeps the values of a SUPER exactly", async () => {
      const name = await table("doc super");
      const doc = {
        n: "12345678901234567890123456789012345678",
        tiny: "1E-130",
        empty: "",
        "": [],
        emoji: "👩‍🚀",
        last: "\uffff",
        nul: "\0a\0",
        "\0": { "\ufdd0": "\ufdd00\ufdd01\0" },
        quotes: '"\\u0000\\" \n\t',
        __proto: { nested: [{ deep: [null, true, ["x"]] }] },
        Upper: { S: "Up" },
      };
      await load(name, [
        { doc },
        `{"doc": {"__proto__": {"S": "x"}}}`,
        { doc: JSON.stringify(doc) },
        { doc: "" },
        { doc: null },
        {},
      ]);
      const found = (await rows(name)).map((row) => row.doc);
      expect(found[0]).to.deep.equal(doc);
      expect(JSON.stringify(found[1])).to.equal(`{"__proto__":{"S":"x"}}`);
      expect(found.slice(2)).to.deep.equal([JSON.stringify(doc), "", null, null]);
    });

    it("takes JSON numbers for doubles, so that only text is exact", async () => {
      const name = await table("doc super, d decimal(38, 0)");
      await load(name, [`{"doc": 12345678901234567890, "d": "12345678901234567890123456789012345678"}`]);
      expect(await suite.redshift.query(`SELECT json_serialize(doc) AS doc, d FROM ${name}`)).to.deep.equal([
        { doc: "12345678901234567000", d: "12345678901234567890123456789012345678" },
      ]);
    });

    it("loads a whole object with noshred", async () => {
      const name = await table("doc super");
      await load(name, [{ A: 1, b: ["x"] }], { options: "FORMAT JSON 'noshred'" });
      expect(await rows(name)).to.deep.equal([{ doc: { A: 1, b: ["x"] } }]);
    });

    it("reads several GZIP objects, with nothing between their rows", async () => {
      const name = await table("a int");
      const objects = [`{"a":1}{"a":2}`, `{"a":3}`].map((text, at) => ({ name: `o${at}.gz`, body: gzipSync(text) }));
      expect(await load(name, [], { objects, options: "GZIP FORMAT JSON 'auto'" })).to.equal(3);
      const error = await copyFailure(load(name, [{ a: 4 }], { options: "GZIP FORMAT JSON 'auto'" }));
      expect(error.errors[0]).to.include({ line: 0 });
      expect(error.errors[0]?.reason).to.include("no GZIP file");
    });

    it("reads times as TIMEFORMAT says", async () => {
      const name = await table("at timestamp");
      const at = "2026-01-02 03:04:05.678";
      await load(name, [{ at }, { at: "" }]);
      await load(name, [{ at: "2026-01-02T03:04:05.678Z" }], { options: "FORMAT JSON 'auto' TIMEFORMAT 'auto'" });
      await load(name, [{ at: "1767323045" }], { options: "FORMAT JSON 'auto' TIMEFORMAT 'epochsecs'" });
      await load(name, [{ at: 1767323045678 }], { options: "FORMAT JSON 'auto' TIMEFORMAT 'epochmillisecs'" });
      expect((await rows(name)).map((row) => row.at)).to.deep.equal([at, null, at, "2026-01-02 03:04:05", at]);
      const error = await copyFailure(load(name, [{ at: "2026-01-02T03:04:05Z" }]));
      expect(error.message).to.include("TIMEFORMAT 'auto'");
    });

    it("cuts decimals off, or rounds them with ROUNDEC", async () => {
      const name = await table("d decimal(8, 2)");
      await load(name, [{ d: "20.259" }]);
      await load(name, [{ d: "20.259" }], { options: "FORMAT JSON 'auto' ROUNDEC" });
      expect(await rows(name)).to.deep.equal([{ d: "20.25" }, { d: "20.26" }]);
    });

    it("nulls, trims and cuts what it is told to", async () => {
      const name = await table("v varchar(4)");
      const loads: [string, string, string | null][] = [
        ["  ", "BLANKSASNULL", null],
        ["", "EMPTYASNULL", null],
        ["", "BLANKSASNULL", ""],
        ["n/a", "NULL AS 'n/a'", null],
        ["a  ", "TRIMBLANKS", "a"],
        ["aéé", "TRUNCATECOLUMNS", "aé"],
        ["\ud800", "ACCEPTINVCHARS", "???"],
      ];
      for (const [v, option] of loads) await load(name, [{ v }], { options: `FORMAT JSON 'auto' ${option}` });
      expect((await rows(name)).map((row) => row.v)).to.deep.equal(loads.map(([, , loaded]) => loaded));
    });

    it("replaces bytes that are no UTF-8 only with ACCEPTINVCHARS", async () => {
      const name = await table("v varchar(20)");
      const objects = [
        {
          name: "o",
          body: Buffer.concat([Buffer.from('{"v":"é\ufffd'), Buffer.from([0xe9, 0xff]), Buffer.from('"}')]),
        },
      ];
      const error = await copyFailure(load(name, [], { objects }));
      expect(error.errors[0]?.reason).to.include("UTF8");
      await load(name, [], { objects, options: "FORMAT JSON 'auto' ACCEPTINVCHARS AS '^'" });
      expect(await rows(name)).to.deep.equal([{ v: "é\ufffd^^" }]);
    });

    it("fills identity columns with EXPLICIT_IDS only", async () => {
      const name = await table("id bigint IDENTITY(1, 1), a int");
      await load(name, [{ id: 7, a: 1 }]);
      await load(name, [{ id: 7, a: 2 }], { options: "FORMAT JSON 'auto' EXPLICIT_IDS" });
      expect(await rows(name)).to.deep.equal([
        { id: "1", a: 1 },
        { id: "7", a: 2 },
      ]);
    });

    it("loads 20,000 rows of 1 KB in a few seconds of work", async function () {
      this.timeout(120_000);
      const name = await table(
        "key_hash char(64), version char(40), changed_at timestamp, expired boolean, new_image super",
      );
      const line = (index: number) =>
        `${JSON.stringify({
          key_hash: String(index).padStart(64, "0"),
          version: String(index).padStart(40, "0"),
          changed_at: "2026-01-02 03:04:05",
          expired: false,
          new_image: {
            title: { S: "x".repeat(700) },
            rating: { N: "7.5" },
            cast: { L: [{ S: "é" }, { M: { a: { NULL: true } } }] },
          },
        })}\n`;
      const body = gzipSync(Array.from({ length: 20_000 }, (_, index) => line(index)).join(""));
      // The process's own work: how long that takes depends on what else the machine does.
      const start = process.cpuUsage();
      expect(await load(name, [], { objects: [{ name: "o.gz", body }], options: "GZIP FORMAT JSON 'auto'" })).to.equal(
        20_000,
      );
      const { user, system } = process.cpuUsage(start);
      const took = (user + system) / 1000;
      if (process.env.SHOW_TIMES) console.log(`      ${Math.round(took)} ms`);
      expect(took).to.be.lessThan(10_000);
    });
  });
});
