import type { PGlite, Transaction } from "@electric-sql/pglite";
import { type CopyOptions, copyOptions } from "./copy-options.ts";
import { type Column, type CopyTarget, copyTarget, mustOwn } from "./copy-target.ts";
import { jsonRecords } from "./json-records.ts";
import { CopyError, type LoadError, loadFailed } from "./load-error.ts";
import { objectText } from "./object-text.ts";
import { type Cell, row } from "./row.ts";

/** A COPY of JSON objects, as Firehose issues it. */
export interface Copy {
  /** Qualified or not, as in SQL. */
  readonly table: string;
  /** The columns to fill, with commas between, as in SQL; all of the table's if absent. */
  readonly columns?: string;
  /** What follows FROM and the credentials, such as `GZIP FORMAT JSON 'auto'`. */
  readonly options: string;
  readonly objects: readonly { readonly name: string; readonly body: Buffer }[];
  /** With whose rights. */
  readonly user: string;
  /** The most bytes of a string within a SUPER value. @default 65,535 */
  readonly longestString?: number;
}

/** https://docs.aws.amazon.com/redshift/latest/dg/limitations-super.html */
const longestStringInSuper = 65_535;

/** What a COPY did. */
export interface Loaded {
  readonly rows: number;
  /** The rows that were left out under MAXERROR. */
  readonly errors: readonly LoadError[];
}

interface Source {
  readonly file: string;
  readonly line: number;
  readonly raw: string;
}

interface Loadable {
  readonly cells: readonly Cell[];
  readonly source: Source;
}

/** Rows of about so many characters go to the database at once. */
const batchSize = 4_000_000;

/** Loads all of the objects or none. Fails with a CopyError. */
export async function copy(database: PGlite, command: Copy): Promise<Loaded> {
  const options = optionsOf(command);
  const { longestString = longestStringInSuper } = command;
  return database.transaction(async (transaction) => {
    const target = await copyTarget(transaction, command, options);
    const insert = await prepareInsert(transaction, command, target, options);
    if (options.statUpdate) await mustOwn(transaction, command.table);
    const errors: LoadError[] = [];
    const fail = (source: Source, reason: string, at?: Column) => {
      errors.push({ table: command.table, ...source, ...(at && { column: at.name, type: at.type }), reason });
      if (errors.length >= Math.max(1, options.maxError)) throw loadFailed(command.table, errors);
    };
    let rows = 0;
    let batch: Loadable[] = [];
    let size = 0;
    const flush = async () => {
      rows += await insertAll(transaction, insert, batch, fail);
      batch = [];
      size = 0;
    };
    for (const object of command.objects) {
      const read = objectText(object.body, options);
      if ("reason" in read) {
        fail({ file: object.name, line: 0, raw: "" }, read.reason);
        continue;
      }
      for (const { source: raw, line, content } of jsonRecords(read.text)) {
        const source = { file: object.name, line, raw: raw.slice(0, 1024) };
        const cells =
          typeof content === "string" ? { reason: content } : row(content, target.columns, options, longestString);
        if (!Array.isArray(cells)) {
          fail(source, cells.reason, "column" in cells ? cells.column : undefined);
          continue;
        }
        batch.push({ cells, source });
        size += raw.length;
        if (size >= batchSize) await flush();
      }
    }
    await flush();
    return { rows, errors };
  });
}

function optionsOf(command: Copy): CopyOptions {
  try {
    return copyOptions(command.options);
  } catch (error) {
    throw new CopyError("SyntaxError", (error as Error).message);
  }
}

type Insert = (rows: readonly Loadable[]) => Promise<void>;

/** Takes on the user's rights, and finds out whether they are enough before any data is looked at. */
async function prepareInsert(
  transaction: Transaction,
  command: Copy,
  target: CopyTarget,
  options: CopyOptions,
): Promise<Insert> {
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
  const names = target.columns.map(({ name }) => quoted(name)).join(", ");
  const types = target.columns.map(({ kind }, index) => `c${index} ${kind === "super" ? "jsonb" : "text"}`).join(", ");
  const values = target.columns.map((each, index) => value(each, `c${index}`, options)).join(", ");
  const overriding = options.explicitIds ? "OVERRIDING SYSTEM VALUE " : "";
  const sql = `INSERT INTO ${target.name} (${names}) ${overriding}SELECT ${values} FROM json_to_recordset($1::json) AS r(${types})`;
  const insert: Insert = async (rows) => {
    const objects = rows.map(({ cells }) => Object.fromEntries(cells.map((cell, index) => [`c${index}`, cell])));
    await transaction.query(sql, [JSON.stringify(objects)]);
  };
  try {
    await transaction.query(`SET LOCAL ROLE ${quoted(command.user)}`);
    await insert([]);
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    if (code === "42501") throw new CopyError("InsufficientPrivilege", message);
    if (code === "22023") throw new CopyError("AuthenticationFailed", message);
    throw error;
  }
  return insert;
}

function value({ kind, type, size }: Column, name: string, { round }: CopyOptions): string {
  if (kind === "super" || kind === "varchar" || kind === "char") return name;
  return kind === "number" && size !== undefined && !round ? `trunc(${name}::numeric, ${size})` : `${name}::${type}`;
}

/** Inserts rows; halves those that the database refuses, until only the rows at fault are left. */
async function insertAll(
  transaction: Transaction,
  insert: Insert,
  rows: readonly Loadable[],
  fail: (source: Source, reason: string) => void,
): Promise<number> {
  if (rows.length === 0) return 0;
  await transaction.query("SAVEPOINT batch");
  try {
    await insert(rows);
    await transaction.query("RELEASE SAVEPOINT batch");
    return rows.length;
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    if (!/^2[23]/.test(code ?? "")) throw error; // only the data's own faults can be narrowed down
    await transaction.query("ROLLBACK TO SAVEPOINT batch");
    if (rows.length === 1) {
      fail(rows[0]!.source, message);
      return 0;
    }
    const half = rows.length >> 1;
    const first = await insertAll(transaction, insert, rows.slice(0, half), fail);
    return first + (await insertAll(transaction, insert, rows.slice(half), fail));
  }
}
