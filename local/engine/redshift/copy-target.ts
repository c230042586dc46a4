import type { Transaction } from "@electric-sql/pglite";
import type { CopyOptions } from "./copy-options.ts";
import { CopyError } from "./load-error.ts";
import { meaningful, nameOf, tokens } from "./tokens.ts";

/** A column that a COPY fills. */
export interface Column {
  readonly name: string;
  /** As PostgreSQL writes it, such as `character varying(6)`. */
  readonly type: string;
  readonly notNull: boolean;
  /** What a value of JSON must be turned into. */
  readonly kind: "super" | "varchar" | "char" | "timestamp" | "date" | "number" | "other";
  /** The most bytes that a VARCHAR or CHAR holds, or the digits behind a decimal's point. */
  readonly size?: number;
}

/** The table that a COPY fills, and its columns in question. */
export interface CopyTarget {
  /** Quoted and qualified. */
  readonly name: string;
  readonly columns: readonly Column[];
}

/** Finds what a COPY fills. Fails with a CopyError if it cannot be filled so. */
export async function copyTarget(
  transaction: Transaction,
  command: { readonly table: string; readonly columns?: string },
  options: CopyOptions,
): Promise<CopyTarget> {
  const { rows } = await transaction.query<{
    table: string;
    name: string;
    type: string;
    required: boolean;
    identity: boolean;
    defaulted: boolean;
  }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
            a.attnotnull AS required, a.attidentity <> '' AS identity, a.atthasdef AS defaulted
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.oid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [command.table],
  );
  const [first] = rows;
  if (!first) throw new CopyError("TableNotFound", `Cannot COPY into nonexistent table ${command.table}`);
  const names = command.columns === undefined ? undefined : columnNames(command.columns);
  const unknown = names?.find((name) => !rows.some((found) => found.name === name));
  if (unknown !== undefined) {
    throw new CopyError("ColumnNotFound", `column "${unknown}" of relation "${command.table}" does not exist`);
  }
  const wanted = names ?? rows.filter(({ identity }) => !identity || options.explicitIds).map(({ name }) => name);
  const missing = rows.find(
    ({ name, required, identity, defaulted }) => required && !identity && !defaulted && !wanted.includes(name),
  );
  if (missing) {
    throw new CopyError(
      "MissingColumn",
      `column "${missing.name}" of ${command.table} is NOT NULL without a default and not in the column list`,
    );
  }
  const columns = wanted.map((name) => {
    const { type, required } = rows.find((found) => found.name === name)!;
    return column(name, type, required);
  });
  if (options.json === "noshred" && (columns.length !== 1 || columns[0]?.kind !== "super")) {
    throw new CopyError("SyntaxError", "FORMAT JSON 'noshred' needs a single SUPER column");
  }
  return { name: first.table, columns };
}

/**
 * Makes sure that the user may say STATUPDATE: whoever does, with ON or OFF, must be the table's owner or a superuser, while
 * INSERT is enough without it (https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-load.html#copy-statupdate).
 */
export async function mustOwn(transaction: Transaction, table: string): Promise<void> {
  const { rows } = await transaction.query(
    "SELECT FROM pg_class c, pg_roles r WHERE c.oid = to_regclass($1) AND r.rolname = current_user AND (r.rolsuper OR c.relowner = r.oid)",
    [table],
  );
  if (rows.length > 0) return;
  const message = `only the owner of ${table} and superusers may COPY into it with STATUPDATE`;
  throw new CopyError("InsufficientPrivilege", message);
}

function columnNames(list: string): string[] {
  return meaningful(tokens(list))
    .filter(({ source }) => source !== ",")
    .map(nameOf);
}

/** A column by its type's name in the catalog. */
function column(name: string, type: string, notNull: boolean): Column {
  const [, base, size] = /^([a-z ]+?)(?:\((?:\d+,)?(\d+)\))?( with.*)?$/.exec(type) ?? [];
  const kind = kinds[base ?? ""] ?? "other";
  return size === undefined ? { name, type, notNull, kind } : { name, type, notNull, kind, size: Number(size) };
}

const kinds: Record<string, Column["kind"]> = {
  jsonb: "super",
  "character varying": "varchar",
  character: "char",
  timestamp: "timestamp",
  date: "date",
  numeric: "number",
};
