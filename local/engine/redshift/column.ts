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

/** A column by its type's name in the catalog. */
export function column(name: string, type: string, notNull: boolean): Column {
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
