import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import type { Copy } from "../../../../local/engine/redshift/copy.ts";
import { CopyError } from "../../../../local/engine/redshift/load-error.ts";
import { Redshift } from "../../../../local/engine/redshift/redshift.ts";

async function failure(work: Promise<unknown>): Promise<Error> {
  const outcome = await work.then(
    () => undefined,
    (error) => error as Error,
  );
  if (outcome === undefined) throw new Error("it did not fail");
  return outcome;
}

async function copyFailure(work: Promise<unknown>): Promise<CopyError> {
  const error = await failure(work);
  expect(error).to.be.instanceOf(CopyError);
  return error as CopyError;
}

describe("Redshift", function () {
  this.timeout(60_000);
  let redshift: Redshift;
  let tables = 0;

  before(async () => {
    redshift = await Redshift.start();
    await redshift.execute(
      "CREATE USER loader PASSWORD 'sha256|Loader1234'; CREATE SCHEMA s; GRANT USAGE ON SCHEMA s TO loader",
    );
  });
  after(() => redshift.stop());

  /** A table with these columns, which the loader may fill. */
  async function table(columns: string): Promise<string> {
    tables += 1;
    const name = `s.t${tables}`;
    await redshift.execute(`CREATE TABLE ${name} (${columns}); GRANT INSERT ON ${name} TO loader`);
    return name;
  }

  /** Loads rows, each given as a value or as its JSON text. */
  function load(name: string, rows: readonly unknown[], more: Partial<Copy> = {}): Promise<number> {
    const body = rows.map((row) => (typeof row === "string" ? row : JSON.stringify(row))).join("\n");
    const objects = [{ name: "2026/01/02/03/object", body: Buffer.from(body) }];
    return redshift.copy({ table: name, options: "FORMAT JSON 'auto'", objects, user: "loader", ...more });
  }

  /** What a table holds, in the order in which it was loaded. */
  const rows = (name: string) => redshift.query(`SELECT * FROM ${name}`);

  describe("statements", () => {
    it("run one after the other in Redshift's dialect", async () => {
      await redshift.execute(`
        CREATE SCHEMA IF NOT EXISTS fanout;
        CREATE TABLE IF NOT EXISTS fanout.orders (id varchar(max) PRIMARY KEY, doc super, at timestamp DEFAULT getdate()) DISTSTYLE AUTO SORTKEY (at);
        CREATE OR REPLACE VIEW fanout.current AS SELECT id, doc FROM fanout.orders WITH NO SCHEMA BINDING;
        INSERT INTO fanout.orders (id, doc) VALUES ('a', JSON_PARSE('{"n": "1"}')), ('a', '{}'::super)`);
      expect(await redshift.query("SELECT * FROM fanout.current WHERE id = $1", ["a"])).to.deep.equal([
        { id: "a", doc: { n: "1" } },
        { id: "a", doc: {} },
      ]);
    });

    it("give numbers and times as exact text", async () => {
      const sql = `SELECT 12345678901234567890123456789012345678::decimal(38) AS d, 9007199254740993::bigint AS b, 7 AS i, true AS t,
        '2026-01-02 03:04:05.678'::timestamp AS ts, NULL AS n, json_serialize(json_parse('{"a": 1.50}')) AS j, can_json_parse('{') AS c`;
      expect(await redshift.query(sql)).to.deep.equal([
        {
          d: "12345678901234567890123456789012345678",
          b: "9007199254740993",
          i: 7,
          t: true,
          ts: "2026-01-02 03:04:05.678",
          n: null,
          j: '{"a": 1.50}',
          c: false,
        },
      ]);
    });

    it("are not mixed with others, and undone together in a transaction", async () => {
      await redshift.execute("CREATE TABLE s.both (a int); GRANT INSERT ON s.both TO loader");
      const broken = failure(redshift.execute("BEGIN; INSERT INTO s.both VALUES (1); SELECT 1/0; COMMIT"));
      const loaded = load("s.both", [{ a: 2 }]);
      const whole = redshift.execute("BEGIN; INSERT INTO s.both VALUES (3); COMMIT");
      expect((await broken).message).to.equal("division by zero, in the statement: SELECT 1/0");
      await Promise.all([loaded, whole]);
      expect(await rows("s.both")).to.deep.equal([{ a: 2 }, { a: 3 }]);
    });

    it("fail with the database's words and the statement", async () => {
      const error = await failure(redshift.execute("SELECT 1; CREATE TABLE\n  x (a hllsketch)"));
      expect(error.message).to.equal('type "hllsketch" does not exist, in the statement: CREATE TABLE x (a hllsketch)');
      expect((await failure(redshift.query("SELECT 1; SELECT 2"))).message).to.include("single statement");
    });
  });

  describe("users", () => {
    const salt = "0123456789abcdef".repeat(4);
    const digest = createHash("sha256").update("Secret1234").update(Buffer.from(salt, "hex")).digest("hex");

    it("log in with the password that they were created with", async () => {
      await redshift.execute(
        `CREATE USER "Reader-1" WITH PASSWORD 'sha256|${digest}|${salt}' NOCREATEUSER SYSLOG ACCESS RESTRICTED CONNECTION LIMIT UNLIMITED SESSION TIMEOUT 60 VALID UNTIL '2030-01-01'`,
      );
      await redshift.login("Reader-1", "Secret1234");
      const wrong = await copyFailure(redshift.login("Reader-1", "secret1234"));
      expect(wrong.kind).to.equal("AuthenticationFailed");
      expect(wrong.message).to.equal('password authentication failed for user "Reader-1"');
    });

    it("may come from a procedure", async () => {
      await redshift.execute(`
        CREATE OR REPLACE PROCEDURE s.make(name varchar(128), hash varchar(256)) AS $$
        BEGIN
          EXECUTE 'CREATE USER ' || quote_ident(name) || ' PASSWORD ' || quote_literal(hash);
        END;
        $$ LANGUAGE plpgsql;
        CALL s.make('made', 'sha256|${digest}|${salt}')`);
      await redshift.login("made", "Secret1234");
      await copyFailure(redshift.login("made", `sha256|${digest}|${salt}`));
      await copyFailure(redshift.login("made", `${digest}|${salt}`));
      const again = await failure(redshift.execute(`CALL s.make('made', 'sha256|${digest}|${salt}')`));
      expect(again.message).to.equal(`role "made" already exists, in the statement: CALL s.make('made', 'sha256|***')`);
    });

    it("lose it or get another", async () => {
      await redshift.execute("CREATE USER u1 PASSWORD DISABLE; CREATE USER u2 PASSWORD 'First1234'");
      await copyFailure(redshift.login("u1", ""));
      await redshift.execute("ALTER USER u2 PASSWORD 'Second1234'");
      await redshift.login("u2", "Second1234");
      await redshift.execute("ALTER USER u2 SET search_path TO s");
      await redshift.login("u2", "Second1234");
      await redshift.execute("DROP USER IF EXISTS u2");
      await copyFailure(redshift.login("u2", "Second1234"));
    });

    it("are refused with a bad password, which no error shows", async () => {
      const error = await failure(redshift.execute("CREATE USER u3 PASSWORD 'topsecret'"));
      expect(error.message).to.match(/upper-case.*CREATE USER u3 PASSWORD '\*\*\*'/);
      expect((await failure(redshift.execute("CREATE USER u3"))).message).to.include("needs PASSWORD");
      await copyFailure(redshift.login("u3", "topsecret"));
    });
  });

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
      expect(await redshift.query(`SELECT json_serialize(doc) AS doc, d FROM ${name}`)).to.deep.equal([
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
      ["a NUL in a SUPER", "v super", { v: "\\u0000" }, { v: { a: ["\\\0"] } }, /NUL/],
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
        expect(redshift.loadErrors.at(-1)).to.equal(listed);
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
      redshift.largeStrings = true;
      expect(await load(name, nested(65_536))).to.equal(1);
      expect(await copyFailure(load(name, nested(16_000_001)))).to.be.instanceOf(CopyError);
      redshift.largeStrings = false;
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
      expect(redshift.loadErrors.slice(-3).map(({ line }) => line)).to.deep.equal([4, 42, 71]);
      expect((await rows(name)).map((row) => row.a)).to.deep.equal(
        Array.from({ length: 100 }, (_, index) => index).filter((index) => ![3, 41, 70].includes(index)),
      );
    });

    it("needs the right to insert, and no other", async () => {
      await redshift.execute(
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
      await redshift.execute("INSERT INTO s.closed VALUES (1)");
      expect(await rows("s.closed")).to.have.length(1);
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

    it("fills identity columns with EXPLICIT_IDS only", async () => {
      const name = await table("id bigint IDENTITY(1, 1), a int");
      await load(name, [{ id: 7, a: 1 }]);
      await load(name, [{ id: 7, a: 2 }], { options: "FORMAT JSON 'auto' EXPLICIT_IDS" });
      expect(await rows(name)).to.deep.equal([
        { id: "1", a: 1 },
        { id: "7", a: 2 },
      ]);
    });

    it("loads side by side with other loads and queries", async () => {
      const name = await table("a int");
      const loads = Array.from({ length: 5 }, (_, index) =>
        load(name, [{ a: index }, { a: index === 2 ? "bad" : index }]),
      );
      const counts = await Promise.all([...loads.map((each) => each.catch(() => 0)), redshift.query("SELECT 1")]);
      expect(counts.slice(0, 5)).to.deep.equal([2, 2, 0, 2, 2]);
      expect(await rows(name)).to.have.length(8);
    });

    it("loads 20,000 rows of 1 KB in a few seconds", async function () {
      this.timeout(30_000);
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
      const start = performance.now();
      expect(await load(name, [], { objects: [{ name: "o.gz", body }], options: "GZIP FORMAT JSON 'auto'" })).to.equal(
        20_000,
      );
      const took = performance.now() - start;
      if (process.env.SHOW_TIMES) console.log(`      ${Math.round(took)} ms`);
      expect(took).to.be.lessThan(10_000);
    });
  });
});
