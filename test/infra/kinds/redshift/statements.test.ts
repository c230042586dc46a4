import { createHash } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { claim, claimUri } from "../../../../handlers/core/claim-check.ts";
import type { Change } from "../../../../handlers/core/contract.ts";
import { claimRow, row } from "../../../../handlers/kinds/redshift/row.ts";
import { passwordHash } from "../../../../infra/kinds/redshift/loader.ts";
import { namesFor } from "../../../../infra/kinds/redshift/names.ts";
import {
  callLoaderProcedure,
  columns,
  createChangeLog,
  createCurrentView,
  createLoaderProcedure,
  createSchema,
  identifier,
  keepPublicEmpty,
  literal,
  qualified,
} from "../../../../infra/kinds/redshift/statements.ts";
import { parseJdbcUrl } from "../../../../infra/kinds/redshift/warehouse.ts";
import { claimsPrefix } from "../../../../infra/parts/claim-check.ts";
import { Redshift } from "../../../../local/engine/redshift/redshift.ts";

const sales = namesFor("fanout", "sales");

describe("statements for the warehouse", () => {
  let redshift: Redshift;
  before(async () => {
    redshift = await Redshift.start();
    await setUp();
  });
  after(() => redshift.stop());

  async function setUp(): Promise<void> {
    // As in a database of Redshift's, which PostgreSQL no longer does by itself.
    await redshift.execute("GRANT CREATE ON SCHEMA public TO PUBLIC");
    const hash = passwordHash("Secret1234", "ab".repeat(32));
    const all = [createSchema, createChangeLog, createCurrentView, createLoaderProcedure].map((make) => make(sales));
    for (const sql of [keepPublicEmpty, ...all, callLoaderProcedure(sales, "a_loader", hash)])
      await redshift.execute(sql);
  }

  async function append(key: string, version: number, operation: string, sentAt: string, image: string | null) {
    await redshift.execute(`INSERT INTO fanout.sales_changes (key_hash, keys, operation, version, event_id, changed_at, sent_at, expired, new_image)
      VALUES (${literal(key.padEnd(64, "0"))}, NULL, ${literal(operation)}, ${literal(String(version).padStart(40, "0"))}, ${literal(`${key}${version}`)},
        '2026-01-01 00:00:00', ${literal(sentAt)}, false, ${image === null ? "NULL" : `json_parse(${literal(image)})`})`);
  }

  it("show each key once, at its newest version, and leave removed keys out", async () => {
    const [earlier, later] = ["2026-01-01 00:00:01.001", "2026-01-01 00:00:02.002"];
    await append("a", 10, "MODIFY", earlier, '{"n":{"N":"10"}}');
    await append("a", 9, "INSERT", later, '{"n":{"N":"9"}}'); // loaded later, yet older
    await append("b", 1, "INSERT", earlier, '{"n":{"N":"1"}}');
    await append("b", 2, "REMOVE", earlier, null);
    await append("c", 1, "REMOVE", earlier, null);
    await append("c", 2, "INSERT", earlier, '{"n":{"N":"2"}}');
    await append("c", 2, "INSERT", earlier, '{"n":{"N":"2"}}'); // loaded twice
    const rows = await redshift.query(
      "SELECT event_id, operation, new_image FROM fanout.sales_current ORDER BY event_id",
    );
    expect(rows).to.deep.equal([
      { event_id: "a10", operation: "MODIFY", new_image: { n: { N: "10" } } },
      { event_id: "c2", operation: "INSERT", new_image: { n: { N: "2" } } },
    ]);
  });

  it("show an item whose image is elsewhere with where it is, as long as that is its newest version", async () => {
    const claim = (version: number) => `s3://bucket/claims/${version}`;
    const point = (version: number) =>
      redshift.execute(
        `UPDATE fanout.sales_changes SET claim_check = ${literal(claim(version))} WHERE event_id = 'd${version}'`,
      );
    const shown = () =>
      redshift.query("SELECT event_id, new_image, claim_check FROM fanout.sales_current WHERE event_id LIKE 'd%'");
    await append("d", 1, "INSERT", "2026-01-01 00:00:01", '{"n":{"N":"1"}}');
    await append("d", 2, "MODIFY", "2026-01-01 00:00:02", null);
    await point(2);
    expect(await shown()).to.deep.equal([{ event_id: "d2", new_image: null, claim_check: claim(2) }]);
    await append("d", 3, "MODIFY", "2026-01-01 00:00:03", '{"n":{"N":"3"}}');
    expect(await shown()).to.deep.equal([{ event_id: "d3", new_image: { n: { N: "3" } }, claim_check: null }]);
    await append("d", 4, "REMOVE", "2026-01-01 00:00:04", null);
    await point(4);
    expect(await shown()).to.deep.equal([]);
  });

  it("have room for where the longest claim is", () => {
    const change = { keyHash: "f".repeat(64), version: "9".repeat(40), eventId: "e".repeat(64) } as Change;
    const longest = claimUri(claim({ bucket: "b".repeat(63), prefix: claimsPrefix }, change, ""));
    expect(longest).to.have.length(251);
    expect(columns.claim_check).to.equal("varchar(256)");
  });

  it("may run again at any time, and keep what is there", async () => {
    await append("z", 1, "INSERT", "2026-01-01 00:00:00", "{}");
    const count = "SELECT count(*) AS rows FROM fanout.sales_changes";
    const before = await redshift.query(count);
    await setUp();
    expect(await redshift.query(count)).to.deep.equal(before);
  });

  it("let the loader add to the change log, and nothing more", async () => {
    const can = (right: string) => `has_table_privilege('a_loader', 'fanout.sales_changes', '${right}') AS "${right}"`;
    const [rights] = await redshift.query(`SELECT ${["insert", "select", "update", "delete"].map(can).join(", ")}`);
    expect(rights).to.deep.equal({ insert: true, select: false, update: false, delete: false });
    const [view] = await redshift.query(
      `SELECT has_table_privilege('a_loader', 'fanout.sales_current', 'select') AS "read", has_schema_privilege('a_loader', 'fanout', 'create') AS "create"`,
    );
    expect(view).to.deep.equal({ read: false, create: false });
    const [elsewhere] = await redshift.query(`SELECT has_schema_privilege('a_loader', 'public', 'create') AS "create"`);
    expect(elsewhere).to.deep.equal({ create: false });
  });

  it("distribute by key and sort by time", () => {
    expect(createChangeLog(sales)).to.match(/^CREATE TABLE IF NOT EXISTS "fanout"\."sales_changes" \(\n/);
    expect(createChangeLog(sales)).to.match(/\n\) DISTSTYLE KEY DISTKEY \("key_hash"\) SORTKEY \("changed_at"\)$/);
  });

  it("give the change log the columns that the handler's rows have, in that order", () => {
    const change = {
      operation: "MODIFY",
      keys: { id: { S: "1" } },
      keyHash: "0".repeat(64),
      before: { id: { S: "1" } },
      after: { id: { S: "1" } },
      version: "1",
      eventId: "e",
      time: "2026-01-01T00:00:00Z",
      expired: false,
      redriven: false,
      bytes: 1,
    } as const;
    const whole = Object.keys(JSON.parse(row(change, "typed", new Date(0))));
    const pointing = Object.keys(JSON.parse(claimRow(change, "typed", new Date(0), "s3://bucket/key")));
    expect(Object.keys(columns)).to.deep.equal([...new Set([...whole, ...pointing])]);
  });

  it("keep the password's hash out of the procedure, which anybody can read", () => {
    expect(createLoaderProcedure(sales)).not.to.include("sha256");
    expect(callLoaderProcedure(sales, "o'loader", "sha256|d|s")).to.equal(
      `CALL "fanout"."sp_sales_loader"('o''loader', 'sha256|d|s')`,
    );
  });
});

describe("SQL text", () => {
  it("quotes identifiers and literals", () => {
    expect(identifier('odd"name')).to.equal('"odd""name"');
    expect(qualified("order", "t")).to.equal('"order"."t"');
    expect(literal("it's \\n")).to.equal("'it''s \\\\n'");
  });

  it("lets no text out of its quotes", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("'", '"', "\\", "a", ";", "\n") }), (text) => {
        const inside = literal(text).slice(1, -1);
        expect(inside.replaceAll("''", "").replaceAll("\\\\", "")).not.to.match(/['\\]/);
        expect(identifier(text).slice(1, -1).replaceAll('""', "")).not.to.include('"');
      }),
    );
  });

  it("refuses NUL, which ends a text early", () => {
    expect(() => literal("a\0b")).to.throw(RangeError, "NUL");
    expect(() => identifier("a\0b")).to.throw(RangeError, "NUL");
  });
});

describe("a password's hash", () => {
  it("is of the password and the salt's bytes", () => {
    const salt = "00ff".repeat(16);
    const digest = createHash("sha256").update(Buffer.concat([Buffer.from("Pa55word"), Buffer.from(salt, "hex")]));
    expect(passwordHash("Pa55word", salt)).to.equal(`sha256|${digest.digest("hex")}|${salt}`);
  });

  it("needs 256 bits of salt", () => {
    for (const salt of ["", "ab", "zz".repeat(32), "ab".repeat(33)])
      expect(() => passwordHash("Pa55word", salt), salt).to.throw(RangeError, "256 bits");
  });
});

describe("a JDBC URL", () => {
  it("has a workgroup of up to 63 letters", () => {
    const url = `jdbc:redshift://${"b".repeat(63)}.111122223333.eu-west-1.redshift-serverless.amazonaws.com:5439/dev`;
    expect(parseJdbcUrl(url)?.warehouse).to.deep.equal({ workgroupName: "b".repeat(63) });
  });

  it("leads to a workgroup or to a cluster", () => {
    expect(
      parseJdbcUrl("jdbc:redshift://bi.111122223333.eu-west-1.redshift-serverless.amazonaws.com:5439/dev"),
    ).to.deep.equal({
      host: "bi.111122223333.eu-west-1.redshift-serverless.amazonaws.com",
      port: 5439,
      database: "dev",
      region: "eu-west-1",
      warehouse: { workgroupName: "bi" },
    });
    expect(parseJdbcUrl("jdbc:postgresql://c-1.abc.cn-north-1.redshift.amazonaws.com.cn:5440/My_db")).to.deep.equal({
      host: "c-1.abc.cn-north-1.redshift.amazonaws.com.cn",
      port: 5440,
      database: "My_db",
      region: "cn-north-1",
      warehouse: { clusterIdentifier: "c-1" },
    });
  });

  for (const url of [
    "redshift://bi.111122223333.eu-west-1.redshift-serverless.amazonaws.com:5439/dev",
    "jdbc:redshift://bi.111122223333.eu-west-1.redshift-serverless.amazonaws.com/dev",
    "jdbc:redshift://bi.111122223333.eu-west-1.redshift-serverless.amazonaws.com:5439/",
    "jdbc:redshift://bi.111122223333.eu-west-1.redshift-serverless.amazonaws.com:5439/dev?ssl=true",
    "jdbc:redshift://bi.111122223333.eu-west-1.redshift-serverless.example.com:5439/dev",
  ])
    it(`is not ${url}`, () => expect(parseJdbcUrl(url)).to.equal(undefined));
});
