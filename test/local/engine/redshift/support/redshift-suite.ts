import { expect } from "chai";
import type { Copy } from "../../../../../local/engine/redshift/copy.ts";
import { CopyError } from "../../../../../local/engine/redshift/load-error.ts";
import type { Redshift, Row } from "../../../../../local/engine/redshift/redshift.ts";
import { sharedRedshift } from "../../../../support/redshift.ts";

/** Prepares, for the tests of one `describe`, a database with a schema `s` and a user `loader` that may load into it. */
export function redshiftSuite() {
  let redshift: Redshift;
  let tables = 0;

  before(async () => {
    redshift = await sharedRedshift();
    await redshift.execute(
      "CREATE USER loader PASSWORD 'sha256|Loader1234'; CREATE SCHEMA s; GRANT USAGE ON SCHEMA s TO loader",
    );
  });

  return {
    get redshift() {
      return redshift;
    },

    /** A table with these columns, which the loader may fill. */
    async table(columns: string): Promise<string> {
      tables += 1;
      const name = `s.t${tables}`;
      await redshift.execute(`CREATE TABLE ${name} (${columns}); GRANT INSERT ON ${name} TO loader`);
      return name;
    },

    /** Loads rows, each given as a value or as its JSON text. */
    load(name: string, rows: readonly unknown[], more: Partial<Copy> = {}): Promise<number> {
      const body = rows.map((row) => (typeof row === "string" ? row : JSON.stringify(row))).join("\n");
      const objects = [{ name: "2026/01/02/03/object", body: Buffer.from(body) }];
      return redshift.copy({ table: name, options: "FORMAT JSON 'auto'", objects, user: "loader", ...more });
    },

    /** What a table holds, in the order in which it was loaded. */
    rows: (name: string): Promise<Row[]> => redshift.query(`SELECT * FROM ${name}`),
  };
}

/** The error of work that must fail. */
export async function failure(work: Promise<unknown>): Promise<Error> {
  const outcome = await work.then(
    () => undefined,
    (error) => error as Error,
  );
  if (outcome === undefined) throw new Error("it did not fail");
  return outcome;
}

/** The error of a COPY or a login that must fail. */
export async function copyFailure(work: Promise<unknown>): Promise<CopyError> {
  const error = await failure(work);
  expect(error).to.be.instanceOf(CopyError);
  return error as CopyError;
}
