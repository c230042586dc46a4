import { expect } from "chai";
import { CopyError } from "../../../../local/engine/redshift/load-error.ts";
import { copyFailure, redshiftSuite } from "./support/redshift-suite.ts";

describe("Redshift", function () {
  this.timeout(60_000);
  const suite = redshiftSuite();
  const { table, load, rows } = suite;

  describe("COPY, where it must not load,", () => {
    const faults: readonly [
      what: string,
      columns: string,
      good: object,
      bad: object | string,
      reason: string | RegExp,
    ][] = [
      [
        "more bytes than a VARCHAR has",
        "v varchar(3)",
        { v: "é" },
        { v: "éé" },
        "String length exceeds DDL length: 4 bytes for character varying(3)",
      ],
      [
        "more bytes than a CHAR has",
        "v char(2)",
        { v: "ab" },
        { v: "abc" },
        "String length exceeds DDL length: 3 bytes for character(2)",
      ],
      [
        "a multibyte character in a CHAR",
        "v char(9)",
        { v: "e" },
        { v: "é" },
        /Multibyte character not supported for CHAR/,
      ],
      [
        "an object for a VARCHAR",
        "v varchar(99)",
        { v: 1 },
        { v: { a: 1 } },
        /only be loaded into a SUPER column, not into character varying\(99\)/,
      ],
      ["a NUL in a VARCHAR", "v varchar(9)", { v: "\\0" }, { v: "\0" }, /NUL/],
      ["half a surrogate pair in a VARCHAR", "v varchar(9)", { v: "😀" }, { v: "\udc00" }, /UTF8/],
      ["half a surrogate pair in a SUPER", "v super", { v: "😀" }, { v: { "\ud800": 1 } }, /UTF-8/],
      ["nothing for a NOT NULL", "v int NOT NULL", { v: 0 }, {}, "Missing data for not-null field"],
      ["a word for a number", "v int", { v: "1" }, { v: "many" }, 'invalid input syntax for type integer: "many"'],
      ["a number that is too large", "v smallint", { v: 7 }, { v: 70_000 }, /out of range/],
      [
        "a day that no month has",
        "v timestamp",
        {},
        { v: "2026-02-30 00:00:00" },
        /date\/time field value out of range/,
      ],
      ["a date in another order", "v date", { v: "2026-01-02" }, { v: "02-01-2026" }, /YYYY-MM-DD/],
      ["text that is no JSON", "v int", {}, '{"v":', "Invalid JSON"],
    ];
    for (const [what, columns, good, bad, reason] of faults) {
      it(`loads nothing because of ${what}`, async () => {
        const name = await table(columns);
        const error = await copyFailure(load(name, [good, bad, good]));
        expect(error.kind).to.equal("DataLoadFailed");
        expect(error.errors).to.have.length(1);
        const [listed] = error.errors;
        expect(listed).to.include({ table: name, file: "2026/01/02/03/object", line: 2 });
        expect(listed?.raw).to.equal(typeof bad === "string" ? bad : JSON.stringify(bad));
        if (typeof reason === "string") expect(listed?.reason).to.equal(reason);
        else expect(listed?.reason).to.match(reason);
        expect(error.message).to.include(`Load into table '${name}' failed`).and.to.include(listed?.reason);
        expect(suite.redshift.loadErrors.at(-1)).to.equal(listed);
        expect(await rows(name)).to.deep.equal([]);
        expect(await load(name, [good, good])).to.equal(2);
      });
    }

    it("takes strings of 65,535 bytes in a SUPER, and of 16,000,000 once `enable_large_strings_opt_in` is on", async () => {
      const name = await table("doc super");
      const nested = (length: number) => [{ doc: { list: [{ S: "é".repeat(length >> 1) + "x".repeat(length & 1) }] } }];
      expect(await load(name, nested(65_535))).to.equal(1);
      const refused = await copyFailure(load(name, nested(65_536)));
      expect(refused.errors.map(({ reason }) => reason)).to.deep.equal([
        "a string in a SUPER value is longer than 65535 bytes",
      ]);
      expect(await copyFailure(load(name, [{ doc: { ["k".repeat(65_536)]: 1 } }]))).to.be.instanceOf(CopyError);
      suite.redshift.largeStrings = true;
      expect(await load(name, nested(65_536))).to.equal(1);
      expect(await copyFailure(load(name, nested(16_000_001)))).to.be.instanceOf(CopyError);
      suite.redshift.largeStrings = false;
    });

    it("leaves out fewer bad rows than MAXERROR, wherever the database finds them", async () => {
      const name = await table("a int, b varchar(3)");
      const given = Array.from({ length: 100 }, (_, index) => ({
        a: index === 41 || index === 70 ? "x" : index,
        b: index === 3 ? "long" : "b",
      }));
      await copyFailure(load(name, given, { options: "FORMAT JSON 'auto' MAXERROR 3" }));
      expect(await rows(name)).to.have.length(0);
      expect(await load(name, given, { options: "FORMAT JSON 'auto' MAXERROR 4" })).to.equal(97);
      expect(suite.redshift.loadErrors.slice(-3).map(({ line }) => line)).to.deep.equal([4, 42, 71]);
      expect((await rows(name)).map((row) => row.a)).to.deep.equal(
        Array.from({ length: 100 }, (_, index) => index).filter((index) => ![3, 41, 70].includes(index)),
      );
    });

    it("needs the right to insert, and no other", async () => {
      await suite.redshift.execute(
        "CREATE TABLE s.closed (a int); CREATE SCHEMA hidden; CREATE TABLE hidden.t (a int); GRANT INSERT ON hidden.t TO loader",
      );
      const closed = await copyFailure(load("s.closed", ["no JSON"]));
      expect([closed.kind, closed.message]).to.deep.equal([
        "InsufficientPrivilege",
        "permission denied for table closed",
      ]);
      const hidden = await copyFailure(load("hidden.t", [{ a: 1 }]));
      expect([hidden.kind, hidden.message]).to.deep.equal([
        "InsufficientPrivilege",
        "permission denied for schema hidden",
      ]);
      const nobody = await copyFailure(load("s.closed", [{ a: 1 }], { user: 'no"body' }));
      expect([nobody.kind, nobody.message]).to.deep.equal(["AuthenticationFailed", 'role "no"body" does not exist']);
      await suite.redshift.execute("INSERT INTO s.closed VALUES (1)");
      expect(await rows("s.closed")).to.have.length(1);
    });

    it("needs the table's owner or a superuser for STATUPDATE, on or off, as AWS says", async () => {
      const name = await table("a int");
      for (const options of ["STATUPDATE OFF", "STATUPDATE ON", "STATUPDATE"]) {
        const error = await copyFailure(load(name, [{ a: 1 }], { options: `FORMAT JSON 'auto' ${options}` }));
        expect([error.kind, error.message]).to.deep.equal([
          "InsufficientPrivilege",
          `only the owner of ${name} and superusers may COPY into it with STATUPDATE`,
        ]);
      }
      expect(await rows(name)).to.deep.equal([]);
      expect(await load(name, [{ a: 1 }], { options: "FORMAT JSON 'auto' COMPUPDATE OFF" })).to.equal(1);
      const off = { options: "FORMAT JSON 'auto' STATUPDATE OFF" };
      await suite.redshift.execute("CREATE USER chief PASSWORD 'sha256|Chief12345' CREATEUSER");
      expect(await load(name, [{ a: 1 }], { ...off, user: "chief" })).to.equal(1);
      await suite.redshift.execute(`ALTER TABLE ${name} OWNER TO loader`);
      expect(await load(name, [{ a: 1 }], off)).to.equal(1);
    });

    it("needs a table, its columns and options that it knows", async () => {
      const name = await table("a int NOT NULL, b int");
      const kinds: [Promise<number>, string, string][] = [
        [load("s.none", []), "TableNotFound", "Cannot COPY into nonexistent table s.none"],
        [load(name, [], { columns: "a,x" }), "ColumnNotFound", `column "x" of relation "${name}" does not exist`],
        [
          load(name, [], { columns: "b" }),
          "MissingColumn",
          `column "a" of ${name} is NOT NULL without a default and not in the column list`,
        ],
        [load(name, [], { options: "FORMAT JSON 'auto' SHUFFLE" }), "SyntaxError", '"SHUFFLE"'],
        [load(name, [], { options: "FORMAT JSON 'noshred'" }), "SyntaxError", "single SUPER column"],
      ];
      for (const [work, kind, message] of kinds) {
        const error = await copyFailure(work);
        expect(error.kind).to.equal(kind);
        expect(error.message).to.include(message);
      }
    });

    it("loads side by side with other loads and queries", async () => {
      const name = await table("a int");
      const loads = Array.from({ length: 5 }, (_, index) =>
        load(name, [{ a: index }, { a: index === 2 ? "bad" : index }]),
      );
      const counts = await Promise.all([...loads.map((each) => each.catch(() => 0)), suite.redshift.query("SELECT 1")]);
      expect(counts.slice(0, 5)).to.deep.equal([2, 2, 0, 2, 2]);
      expect(await rows(name)).to.have.length(8);
    });
  });
});
