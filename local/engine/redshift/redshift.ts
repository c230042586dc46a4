import { PGlite, types } from "@electric-sql/pglite";
import { type Copy, copy } from "./copy.ts";
import { translate } from "./dialect.ts";
import { CopyError, type LoadError } from "./load-error.ts";
import { withNul } from "./nul.ts";
import { passwordMatches, saltedForms } from "./password.ts";
import { statements, type Token } from "./tokens.ts";

/** A row of a result: SUPER as the JSON value, numbers beyond 32 bits, decimals, dates and times as text. */
export type Row = Record<string, unknown>;

/** So many load errors are kept; the oldest go first. */
const keptErrors = 1000;

/** An empty database's files: the first of a process makes them, and the others start from them. */
let empty: Promise<Blob | undefined> | undefined;

/**
 * A stand-in for one Redshift database: PostgreSQL in memory, which takes Redshift's dialect and its COPY of JSON. It
 * does not imitate a cluster's storage, speed or system tables. It counts the bytes of VARCHAR in COPY only; an INSERT
 * counts characters. Statements run one at a time, as a superuser.
 */
export class Redshift {
  /** The parameter `enable_large_strings_opt_in`: strings in SUPER may have 16,000,000 bytes instead of 65,535. */
  largeStrings = false;
  readonly #database: PGlite;
  /** Passwords as statements gave them, `sha256|<digest>|<salt>`: PostgreSQL keeps no salt of theirs. */
  readonly #salted = new Set<string>();
  readonly #loadErrors: LoadError[] = [];
  #last: Promise<unknown> = Promise.resolve();

  private constructor(database: PGlite) {
    this.#database = database;
  }

  /** Starts an empty database. The first of a process takes a few seconds, and leaves a copy with which the others begin. */
  static async start(): Promise<Redshift> {
    const text = (value: string) => value;
    const asText = [types.INT8, types.NUMERIC, types.DATE, types.TIMESTAMP, types.TIMESTAMPTZ];
    const parsers = { ...Object.fromEntries(asText.map((type) => [type, text])), [types.JSONB]: withNul };
    const loadDataDir = await empty;
    if (loadDataDir !== undefined) return new Redshift(await PGlite.create({ parsers, loadDataDir }));
    const { promise, resolve, reject } = Promise.withResolvers<Blob>();
    empty = promise.catch(() => undefined); // if this start fails, the next one tries again
    try {
      const database = await PGlite.create({ parsers });
      await database.exec(redshiftFunctions);
      resolve(await database.dumpDataDir("none"));
      return new Redshift(database);
    } catch (error) {
      reject(error);
      empty = undefined;
      throw error;
    }
  }

  /**
   * Runs statements in Redshift's dialect, one after the other, with nothing else in between. The first that fails ends
   * it, and with it a transaction that was begun; its error quotes it.
   */
  execute(sql: string): Promise<void> {
    return this.#exclusively(async () => {
      try {
        for (const statement of statements(sql)) await this.#run(statement);
      } catch (error) {
        await this.#database.exec("ROLLBACK");
        throw error;
      }
    });
  }

  /** Runs one query in Redshift's dialect, with `$1`, `$2`, ... for the parameters. */
  async query<Result extends Row = Row>(sql: string, parameters: unknown[] = []): Promise<Result[]> {
    const [statement, another] = statements(sql);
    if (!statement || another) throw new Error(`a query must be a single statement, but this is not: ${excerpt(sql)}`);
    const run = async () => (await this.#database.query<Result>(translate(statement), parameters)).rows;
    return withStatement(sql, () => this.#exclusively(run));
  }

  /** Checks a user's password; fails with a CopyError of kind AuthenticationFailed. */
  async login(user: string, password: string): Promise<void> {
    const sql =
      "SELECT rolpassword AS verifier FROM pg_authid WHERE rolname = $1 AND rolcanlogin AND rolpassword IS NOT NULL";
    const { rows } = await this.#exclusively(() => this.#database.query<{ verifier: string }>(sql, [user]));
    if (rows[0] && passwordMatches(password, user, rows[0].verifier, this.#salted)) return;
    throw new CopyError("AuthenticationFailed", `password authentication failed for user "${user}"`);
  }

  /** Loads JSON objects into a table, all or none, with the rights of a user; returns the number of rows. Fails with a CopyError. */
  async copy(command: Copy): Promise<number> {
    try {
      const limit = this.largeStrings ? { longestString: 16_000_000 } : {};
      const { rows, errors } = await this.#exclusively(() => copy(this.#database, { ...command, ...limit }));
      this.#keep(errors);
      return rows;
    } catch (error) {
      if (error instanceof CopyError) this.#keep(error.errors);
      throw error;
    }
  }

  /** The rows that could not be loaded, the newest last. */
  get loadErrors(): readonly LoadError[] {
    return this.#loadErrors;
  }

  /** Ends the database; its data is gone. */
  async stop(): Promise<void> {
    await this.#exclusively(() => this.#database.close());
  }

  /** There is one session, so each piece of work waits until those before it have ended. */
  #exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {}); // the caller handles the error
    return result;
  }

  #keep(errors: readonly LoadError[]): void {
    this.#loadErrors.push(...errors);
    this.#loadErrors.splice(0, this.#loadErrors.length - keptErrors);
  }

  async #run(statement: readonly Token[]): Promise<void> {
    const sql = statement.map(({ source }) => source).join("");
    for (const form of saltedForms(sql)) this.#salted.add(form);
    await withStatement(sql, async () => {
      const translated = translate(statement);
      if (translated) await this.#database.exec(translated);
    });
  }
}

/** Adds the statement to an error of the database, which names a position at best. */
async function withStatement<Result>(sql: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`${(error as Error).message}, in the statement: ${excerpt(sql)}`, { cause: error });
  }
}

/** A statement's beginning, on one line and without its passwords. */
function excerpt(sql: string): string {
  const secretless = sql.replace(/(password\s+)'(?:[^']|'')*'/gi, "$1'***'").replace(/sha256\|[^']*/gi, "sha256|***");
  const line = secretless.replace(/\s+/g, " ").trim();
  return line.length > 300 ? `${line.slice(0, 300)}...` : line;
}

/** What Redshift has and PostgreSQL lacks; every user may create in the schema public, too. */
const redshiftFunctions = `
  GRANT CREATE ON SCHEMA public TO PUBLIC;
  CREATE FUNCTION pg_catalog.getdate() RETURNS timestamp LANGUAGE sql STABLE AS $$ SELECT date_trunc('second', now() AT TIME ZONE 'utc') $$;
  CREATE FUNCTION pg_catalog.json_parse(text) RETURNS jsonb LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT $1::jsonb $$;
  CREATE FUNCTION pg_catalog.super_text(jsonb) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT $1::text $$;
  CREATE FUNCTION pg_catalog.can_json_parse(text) RETURNS boolean LANGUAGE sql STABLE STRICT AS $$ SELECT pg_input_is_valid($1, 'jsonb') $$;
`;
