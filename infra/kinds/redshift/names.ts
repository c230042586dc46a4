import { createHash } from "node:crypto";
import { z } from "zod";

/** The names that one destination has inside the warehouse. */
export interface Names {
  readonly schema: string;
  /** The change log's table. */
  readonly changeLog: string;
  /** The current view. */
  readonly currentView: string;
  /** The procedure that creates the loader. */
  readonly loaderProcedure: string;
}

/** The names for a destination: `<table>_changes`, `<table>_current`. */
export function namesFor(schema: string, table: string): Names {
  return {
    schema,
    changeLog: `${table}_changes`,
    currentView: `${table}_current`,
    // Redshift keeps the prefix `sp_` free for users' procedures.
    loaderProcedure: `sp_${table}_loader`,
  };
}

/** A name that needs no quotes, as Firehose writes it into its COPY without any. */
export const unquotedName = (limit: number) =>
  z
    .string()
    .regex(new RegExp(`^[a-z_][a-z0-9_]{0,${limit - 1}}$`))
    .meta({ allowed: `1 to ${limit} lower-case letters, digits and \`_\`, not beginning with a digit` });

/** An unquoted name that is none of Redshift's reserved words. */
const unreservedName = unquotedName(63).refine((text) => !reservedWords.has(text), {
  error: ({ input }) => `${JSON.stringify(input)} is a word that Redshift reserves; expected another name`,
});

/** The schema that every database has already. */
export const publicSchema = "public";

/**
 * A schema of users, or the public one. The catalog's schemas are Redshift's own, with all that begin with `pg_`
 * (https://docs.aws.amazon.com/redshift/latest/gsg/t_creating_schema.html lists them).
 */
export const schemaName = unreservedName.refine((text) => !/^(pg_.*|information_schema|catalog_history)$/.test(text), {
  error: ({ input }) => `${JSON.stringify(input)} is a schema of Redshift's own; expected another name`,
});

/** Databases that every warehouse has for itself. PostgreSQL's templates take no connections. */
export const systemDatabases: ReadonlySet<string> = new Set([
  "template0",
  "template1",
  "padb_harvest",
  "awsdatacatalog",
]);

/** A database of users. */
export const databaseName = unreservedName.refine((text) => !systemDatabases.has(text), {
  error: ({ input }) => `${JSON.stringify(input)} is a database of Redshift's own; expected another name`,
});

/**
 * The words that Redshift reserves (https://docs.aws.amazon.com/redshift/latest/dg/r_pg_keywords.html). Firehose writes the
 * names of schema and table into its COPY as they are, so none of these can be one.
 */
export const reservedWords: ReadonlySet<string> = new Set(
  `aes128 aes256 all allowoverwrite analyse analyze and any array as asc authorization az64 backup between binary
  blanksasnull both bytedict bzip2 case cast check collate column constraint create credentials cross current_date
  current_time current_timestamp current_user current_user_id default deferrable deflate defrag delta delta32k desc
  disable distinct do else emptyasnull enable encode encrypt encryption end except explicit false for foreign freeze
  from full globaldict256 globaldict64k grant group gzip having identity ignore ilike in initially inner intersect
  interval into is isnull join language leading left like limit localtime localtimestamp lun luns lzo lzop minus
  mostly13 mostly32 mostly8 natural new not notnull null nulls off offline offset oid old on only open or order outer
  overlaps parallel partition percent permissions placing primary raw readratio recover references rejectlog resort
  respect restore right select session_user similar snapshot some sysdate system table tag tdes text255 text32k then
  timestamp to top trailing true truncatecolumns union unique user using verbose wallet when where with without`.split(
    /\s+/,
  ),
);

/**
 * A physical name for what AWS does not name by itself: lower-case letters, digits and single separators between them, at
 * most `limit` characters, and different for different parts. It is the joined parts where these are such a name already
 * and can be told apart again; any other name is cut to make room for a hash of the parts, and ends in it.
 *
 * @param parts the project, the stack, and what owns the name within the stack. The owner's first word is the same in every
 * stack, since it is the name of the whole fan-out.
 */
export function physicalName(parts: readonly string[], separator: "-" | "_", limit: number): string {
  const whole = parts.join(separator);
  const plain = allowed(whole, separator);
  if (plain === whole && plain.length <= limit && canBeToldApart(parts, separator)) return plain;
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, hashLength);
  return allowed(`${plain.slice(0, limit - hash.length - 1)}${separator}${hash}`, separator);
}

const hashLength = 8;

/** Every run of other characters becomes one separator. A host's name has no hyphen at either end. */
function allowed(text: string, separator: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, separator)
    .replaceAll(/^-|-$/g, "");
}

/**
 * Whether joined parts can only be read as these. Read from its end, such a name has an owner, which begins where the
 * owner's first word comes last, then one word for each part, and the rest is the first part. And it cannot be taken for a
 * name that ends in a hash.
 */
function canBeToldApart(parts: readonly string[], separator: string): boolean {
  const owner = parts.at(-1)!;
  const [firstWord, ...words] = owner.split(separator);
  return (
    parts.slice(1, -1).every((part) => !part.includes(separator)) &&
    !words.slice(0, -1).includes(firstWord!) &&
    !new RegExp(`^[0-9a-f]{${hashLength}}$`).test(words.at(-1) ?? "")
  );
}
