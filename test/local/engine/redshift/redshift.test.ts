import { createHash } from "node:crypto";
import { expect } from "chai";
import { copyFailure, failure, redshiftSuite } from "./support/redshift-suite.ts";

describe("Redshift", function () {
  this.timeout(60_000);
  const suite = redshiftSuite();
  const { load, rows } = suite;

  describe("statements", () => {
    it("run one after the other in Redshift's dialect", async () => {
      await suite.redshift.execute(`
        CREATE SCHEMA IF NOT EXISTS fanout;
        CREATE TABLE IF NOT EXISTS fanout.orders (id varchar(max) PRIMARY KEY, doc super, at timestamp DEFAULT getdate()) DISTSTYLE AUTO SORTKEY (at);
        CREATE OR REPLACE VIEW fanout.current AS SELECT id, doc FROM fanout.orders WITH NO SCHEMA BINDING;
        INSERT INTO fanout.orders (id, doc) VALUES ('a', JSON_PARSE('{"n": "1"}')), ('a', '{}'::super)`);
      expect(await suite.redshift.query("SELECT * FROM fanout.current WHERE id = $1", ["a"])).to.deep.equal([
        { id: "a", doc: { n: "1" } },
        { id: "a", doc: {} },
      ]);
    });

    it("give numbers and times as exact text", async () => {
      const sql = `SELECT 12345678901234567890123456789012345678::decimal(38) AS d, 9007199254740993::bigint AS b, 7 AS i, true AS t,
        '2026-01-02 03:04:05.678'::timestamp AS ts, NULL AS n, json_serialize(json_parse('{"a": 1.50}')) AS j, can_json_parse('{') AS c`;
      expect(await suite.redshift.query(sql)).to.deep.equal([
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
      await suite.redshift.execute("CREATE TABLE s.both (a int); GRANT INSERT ON s.both TO loader");
      const broken = failure(suite.redshift.execute("BEGIN; INSERT INTO s.both VALUES (1); SELECT 1/0; COMMIT"));
      const loaded = load("s.both", [{ a: 2 }]);
      const whole = suite.redshift.execute("BEGIN; INSERT INTO s.both VALUES (3); COMMIT");
      expect((await broken).message).to.equal("division by zero, in the statement: SELECT 1/0");
      await Promise.all([loaded, whole]);
      expect(await rows("s.both")).to.deep.equal([{ a: 2 }, { a: 3 }]);
    });

    it("fail with the database's words and the statement", async () => {
      const error = await failure(suite.redshift.execute("SELECT 1; CREATE TABLE\n  x (a hllsketch)"));
      expect(error.message).to.equal('type "hllsketch" does not exist, in the statement: CREATE TABLE x (a hllsketch)');
      expect((await failure(suite.redshift.query("SELECT 1; SELECT 2"))).message).to.include("single statement");
    });
  });

  describe("users", () => {
    const salt = "0123456789abcdef".repeat(4);
    const digest = createHash("sha256").update("Secret1234").update(Buffer.from(salt, "hex")).digest("hex");

    it("log in with the password that they were created with", async () => {
      await suite.redshift.execute(
        `CREATE USER "Reader-1" WITH PASSWORD 'sha256|${digest}|${salt}' NOCREATEUSER SYSLOG ACCESS RESTRICTED CONNECTION LIMIT UNLIMITED SESSION TIMEOUT 60 VALID UNTIL '2030-01-01'`,
      );
      await suite.redshift.login("Reader-1", "Secret1234");
      const wrong = await copyFailure(suite.redshift.login("Reader-1", "secret1234"));
      expect(wrong.kind).to.equal("AuthenticationFailed");
      expect(wrong.message).to.equal('password authentication failed for user "Reader-1"');
    });

    it("may come from a procedure", async () => {
      await suite.redshift.execute(`
        CREATE OR REPLACE PROCEDURE s.make(name varchar(128), hash varchar(256)) AS $$
        BEGIN
          EXECUTE 'CREATE USER ' || quote_ident(name) || ' PASSWORD ' || quote_literal(hash);
        END;
        $$ LANGUAGE plpgsql;
        CALL s.make('made', 'sha256|${digest}|${salt}')`);
      await suite.redshift.login("made", "Secret1234");
      await copyFailure(suite.redshift.login("made", `sha256|${digest}|${salt}`));
      await copyFailure(suite.redshift.login("made", `${digest}|${salt}`));
      const again = await failure(suite.redshift.execute(`CALL s.make('made', 'sha256|${digest}|${salt}')`));
      expect(again.message).to.equal(`role "made" already exists, in the statement: CALL s.make('made', 'sha256|***')`);
    });

    it("lose it or get another", async () => {
      await suite.redshift.execute("CREATE USER u1 PASSWORD DISABLE; CREATE USER u2 PASSWORD 'First1234'");
      await copyFailure(suite.redshift.login("u1", ""));
      await suite.redshift.execute("ALTER USER u2 PASSWORD 'Second1234'");
      await suite.redshift.login("u2", "Second1234");
      await suite.redshift.execute("ALTER USER u2 SET search_path TO s");
      await suite.redshift.login("u2", "Second1234");
      await suite.redshift.execute("DROP USER IF EXISTS u2");
      await copyFailure(suite.redshift.login("u2", "Second1234"));
    });

    it("are refused with a bad password, which no error shows", async () => {
      const error = await failure(suite.redshift.execute("CREATE USER u3 PASSWORD 'topsecret'"));
      expect(error.message).to.match(/upper-case.*CREATE USER u3 PASSWORD '\*\*\*'/);
      expect((await failure(suite.redshift.execute("CREATE USER u3"))).message).to.include("needs PASSWORD");
      await copyFailure(suite.redshift.login("u3", "topsecret"));
    });
  });
});
