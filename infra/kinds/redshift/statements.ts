import type { Names } from "./names.ts";

/** The change log's columns in order. The handler's rows have the same names; COPY matches them case by case. */
export const columns = {
  key_hash: "char(64)",
  keys: "super",
  operation: "varchar(6)",
  version: "char(40)",
  event_id: "varchar(64)",
  changed_at: "timestamp",
  sent_at: "timestamp",
  expired: "boolean",
  old_image: "super",
  new_image: "super",
  // `s3://`, a bucket's name of at most 63 characters, `/`, and a key of at most 182 (with an event id of 64): 251
  claim_check: "varchar(256)",
} as const;

// Each statement may run again at any time: all of them do when one of them changes, and after a deployment that failed
// halfway. So each statement describes the state to reach, not a change.

/**
 * Every user may create tables in the schema `public` of a new database, which would include the loader:
 * https://docs.aws.amazon.com/redshift/latest/dg/r_Privileges.html.
 */
export const keepPublicEmpty = "REVOKE CREATE ON SCHEMA public FROM PUBLIC";

export function createSchema({ schema }: Names): string {
  return `CREATE SCHEMA IF NOT EXISTS ${identifier(schema)}`;
}

/**
 * Distributed by key, so that all versions of a key lie on one slice and the current view moves no rows. Sorted by time:
 * rows arrive nearly in that order, so loads need no re-sorting, and questions about a period read only its blocks.
 */
export function createChangeLog({ schema, changeLog }: Names): string {
  const lines = Object.entries(columns).map(([name, type]) => `  ${identifier(name)} ${type}`);
  return [
    `CREATE TABLE IF NOT EXISTS ${qualified(schema, changeLog)} (`,
    lines.join(",\n"),
    `) DISTSTYLE KEY DISTKEY (${identifier("key_hash")}) SORTKEY (${identifier("changed_at")})`,
  ].join("\n");
}

/**
 * The newest version of each key, without the keys whose newest operation is REMOVE. `version` has a fixed width, so text
 * order is its numeric order. Firehose may deliver a change twice: of equal versions one row is shown. An item whose images
 * are too large for a row is shown with where they are stored instead.
 */
export function createCurrentView({ schema, changeLog, currentView }: Names): string {
  const shown = [
    "key_hash",
    "keys",
    "operation",
    "version",
    "event_id",
    "changed_at",
    "sent_at",
    "new_image",
    "claim_check",
  ]
    .map(identifier)
    .join(", ");
  return [
    `CREATE OR REPLACE VIEW ${qualified(schema, currentView)} AS`,
    `SELECT ${shown}`,
    "FROM (",
    `  SELECT ${shown},`,
    `    ROW_NUMBER() OVER (PARTITION BY ${identifier("key_hash")} ORDER BY ${identifier("version")} DESC, ${identifier("sent_at")}) AS "rank"`,
    `  FROM ${qualified(schema, changeLog)}`,
    ") AS ranked",
    `WHERE "rank" = 1 AND "operation" <> 'REMOVE'`,
  ].join("\n");
}

/**
 * Redshift has no CREATE USER IF NOT EXISTS, so a procedure decides. The password's hash is an argument, because a
 * procedure's body can be read in the catalog. Only the procedure's owner and superusers may call it.
 */
export function createLoaderProcedure({ schema, changeLog, loaderProcedure }: Names): string {
  return [
    `CREATE OR REPLACE PROCEDURE ${qualified(schema, loaderProcedure)}(loader varchar(128), password_hash varchar(256))`,
    "AS $$",
    "DECLARE",
    "  existing bigint;",
    "BEGIN",
    "  SELECT INTO existing COUNT(*) FROM pg_user WHERE usename = loader;",
    "  IF existing = 0 THEN",
    "    EXECUTE 'CREATE USER ' || quote_ident(loader) || ' PASSWORD ' || quote_literal(password_hash);",
    "  ELSE",
    "    EXECUTE 'ALTER USER ' || quote_ident(loader) || ' PASSWORD ' || quote_literal(password_hash);",
    "  END IF;",
    `  EXECUTE ${literal(`GRANT USAGE ON SCHEMA ${identifier(schema)} TO `)} || quote_ident(loader);`,
    `  EXECUTE ${literal(`GRANT INSERT ON TABLE ${qualified(schema, changeLog)} TO `)} || quote_ident(loader);`,
    "END;",
    "$$ LANGUAGE plpgsql",
  ].join("\n");
}

/** Creates the loader, or gives it this password; see `createLoaderProcedure`. */
export function callLoaderProcedure({ schema, loaderProcedure }: Names, loader: string, passwordHash: string): string {
  return `CALL ${qualified(schema, loaderProcedure)}(${literal(loader)}, ${literal(passwordHash)})`;
}

/** An SQL identifier, quoted, so that a reserved word or an odd name means itself. Redshift folds it to lower case. */
export function identifier(name: string): string {
  refuseNul(name);
  return `"${name.replaceAll('"', '""')}"`;
}

/** `schema.name`, each part quoted. */
export function qualified(schema: string, name: string): string {
  return `${identifier(schema)}.${identifier(name)}`;
}

/** An SQL string literal. Redshift reads a backslash in one as an escape, so both it and the quote are doubled. */
export function literal(text: string): string {
  refuseNul(text);
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

function refuseNul(text: string): void {
  if (text.includes("\0")) throw new RangeError("SQL text cannot hold a NUL character");
}
