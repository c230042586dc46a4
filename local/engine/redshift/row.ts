import type { CopyOptions } from "./copy-options.ts";
import type { Column } from "./copy-target.ts";
import { withoutNul } from "./nul.ts";

/** What goes into one column of one row: JSON for a SUPER, the text of the value for any other type. */
export type Cell = unknown;

/** Why a row cannot be loaded. */
export interface Fault {
  readonly column?: Column;
  readonly reason: string;
}

/**
 * A JSON object as a row, in the columns' order, or why it is none. Names are matched exactly, so a field whose name has
 * a capital finds no column; fields without a column are left out, columns without a field become null.
 * @param longestString the most bytes of a string within a SUPER value
 */
export function row(
  object: Readonly<Record<string, unknown>>,
  columns: readonly Column[],
  options: CopyOptions,
  longestString: number,
): Cell[] | Fault {
  const fields = options.json === "auto ignorecase" ? lowerCase(object) : object;
  const cells: Cell[] = [];
  for (const column of columns) {
    const value = options.json === "noshred" ? object : Object.hasOwn(fields, column.name) ? fields[column.name] : null;
    const converted = cell(value, column, options, longestString);
    if ("reason" in converted) return { column, reason: converted.reason };
    if (converted.cell === null && column.notNull) return { column, reason: "Missing data for not-null field" };
    cells.push(converted.cell);
  }
  return cells;
}

type Converted = { readonly cell: Cell } | { readonly reason: string };

function cell(value: unknown, column: Column, options: CopyOptions, longestString: number): Converted {
  if (value === null || value === undefined) return { cell: null };
  if (column.kind === "super") return superValue(value, longestString);
  if (typeof value === "object") {
    return { reason: `a nested object or array can only be loaded into a SUPER column, not into ${column.type}` };
  }
  const text = String(value);
  if (text === options.nullAs) return { cell: null };
  if (column.kind === "varchar" || column.kind === "char") return characters(text, column, options);
  if (text.trim() === "") return { cell: null }; // Redshift loads blank fields of all other types as NULL
  if (column.kind === "timestamp") return timestamp(text, options);
  if (column.kind === "date" && options.dateFormat === "default" && !/^\d{4}-\d\d-\d\d$/.test(text)) {
    return { reason: `Invalid Date Format - length must be 10 or more: "${text}" is not YYYY-MM-DD` };
  }
  return { cell: text };
}

/** Text that no database can hold, as JSON.stringify escapes it: halves of surrogate pairs. */
const unstorable = /(?<!\\)(?:\\\\)*\\ud[89a-f][0-9a-f]{2}/;

function superValue(value: unknown, longestString: number): Converted {
  if (unstorable.test(JSON.stringify(value))) return { reason: "a SUPER value has an invalid UTF-8 sequence" };
  if (hasLongerString(value, longestString))
    return { reason: `a string in a SUPER value is longer than ${longestString} bytes` };
  return { cell: withoutNul(value) };
}

function hasLongerString(value: unknown, limit: number): boolean {
  if (typeof value === "string") return value.length * 3 > limit && Buffer.byteLength(value) > limit;
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, part]) => hasLongerString(name, limit) || hasLongerString(part, limit));
}

function characters(given: string, column: Column, options: CopyOptions): Converted {
  if (given.includes("\0"))
    return { reason: "the value has a NUL character, which COPY takes for the end of the record" };
  const valid = given.isWellFormed() ? given : wellFormed(given, column, options);
  if (valid === undefined) return { reason: "String contains invalid or unsupported UTF8 codepoints" };
  const text = column.kind === "varchar" && options.trimBlanks ? valid.trimEnd() : valid;
  if ((options.emptyAsNull && text === "") || (options.blanksAsNull && text.trim() === "" && text !== ""))
    return { cell: null };
  if (column.kind === "char" && /[^\0-\x7f]/.test(text)) {
    return { reason: "Multibyte character not supported for CHAR (Hint: try using VARCHAR)" };
  }
  const size = column.size ?? Number.POSITIVE_INFINITY;
  if (text.length * 3 <= size || Buffer.byteLength(text) <= size) return { cell: text };
  if (options.truncateColumns) return { cell: cut(text, size) };
  return { reason: `String length exceeds DDL length: ${Buffer.byteLength(text)} bytes for ${column.type}` };
}

function wellFormed(text: string, column: Column, options: CopyOptions): string | undefined {
  if (options.invalidChars === undefined || column.kind !== "varchar") return undefined;
  return text.replace(/\p{Surrogate}/gu, options.invalidChars.repeat(3));
}

/** The most whole characters that fit into so many bytes. */
function cut(text: string, size: number): string {
  const bytes = Buffer.from(text);
  let end = size;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString("utf8", 0, end);
}

function timestamp(text: string, options: CopyOptions): Converted {
  switch (options.timeFormat) {
    case "epochsecs":
    case "epochmillisecs": {
      const millis = Number(text) * (options.timeFormat === "epochsecs" ? 1000 : 1);
      const date = new Date(millis);
      return Number.isNaN(date.getTime())
        ? { reason: `Invalid timestamp: "${text}"` }
        : { cell: date.toISOString().replace("Z", "") };
    }
    case "auto":
      return /\d/.test(text) ? { cell: text } : { reason: `Invalid timestamp format or value: "${text}"` };
    default:
      return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?$/.test(text)
        ? { cell: text }
        : {
            reason: `Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]: "${text}" (TIMEFORMAT 'auto' knows more formats)`,
          };
  }
}

function lowerCase(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name.toLowerCase(), value]));
}
