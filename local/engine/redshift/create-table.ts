import { keyword, meaningful, nameOf, type Token } from "./tokens.ts";

/**
 * A CREATE TABLE with Redshift's types in place of PostgreSQL's, and without what only a cluster has (distribution, sort
 * keys, encodings, backup). Redshift keeps primary keys, unique and foreign keys for its planner and does not enforce
 * them, so only their NOT NULL stays.
 */
export function createTable(statement: readonly Token[]): string {
  const all = meaningful(statement);
  const open = afterName(all);
  const close = all[open]?.source === "(" ? closing(all, open) : open - 1;
  const as = all.findIndex((token, index) => index > close && keyword(token) === "as");
  const end = as < 0 ? all.length : as;
  const body = close > open ? ["(", columns(all.slice(open + 1, close)), ")"] : [];
  const head = all.slice(0, open);
  return [...head.map(source), ...body, ...attributes(all.slice(close + 1, end)), ...all.slice(end).map(source)].join(
    " ",
  );
}

/** A column's type and constraints, after its name, as PostgreSQL writes them. */
export function columnDefinition(tokens: readonly Token[]): string {
  const { sql, length } = columnType(tokens);
  const parts = [sql];
  for (let at = length; at < tokens.length; ) {
    const [replacement, taken] = constraint(tokens.slice(at)) ?? [tokens[at]!.source, 1];
    if (replacement) parts.push(replacement);
    at += taken;
  }
  return parts.join(" ");
}

/** What is left of a table's attributes, in front of AS or at the end, once those that only a cluster has are taken out. */
export function attributes(tokens: readonly Token[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < tokens.length; ) {
    const taken = clusterAttribute(tokens.slice(at));
    if (taken === 0) kept.push(tokens[at]!.source);
    at += taken || 1;
  }
  return kept;
}

function clusterAttribute(tokens: readonly Token[]): number {
  const [first, second] = [keyword(tokens[0]), keyword(tokens[1])];
  if (first === "compound" || first === "interleaved")
    return second === "sortkey" ? 1 + clusterAttribute(tokens.slice(1)) : 0;
  if (["diststyle", "backup", "encode"].includes(first)) return 2;
  if (first === "auto" && second === "refresh") return 3;
  if (first !== "sortkey" && first !== "distkey") return 0;
  return tokens[1]?.source === "(" ? closing(tokens, 1) + 1 : 2;
}

function columns(body: readonly Token[]): string {
  const items = commaSeparated(body);
  const primary = new Set(items.flatMap(primaryKeyColumns));
  return items
    .filter((item) => !isConstraint(item))
    .map((item) => {
      const [name, ...rest] = item;
      if (name === undefined || keyword(name) === "like" || rest.length === 0) return item.map(source).join(" ");
      const notNull = primary.has(nameOf(name)) && !/\bnot null\b/i.test(item.map(source).join(" ")) ? " NOT NULL" : "";
      return `${name.source} ${columnDefinition(rest)}${notNull}`;
    })
    .join(", ");
}

function isConstraint(item: readonly Token[]): boolean {
  return ["constraint", "primary", "unique", "foreign"].includes(keyword(item[0]));
}

function primaryKeyColumns(item: readonly Token[]): string[] {
  const at = item.findIndex((token) => keyword(token) === "primary");
  if (!isConstraint(item) || at < 0) return [];
  return item
    .slice(at + 3, -1)
    .filter(({ kind }) => kind !== "symbol")
    .map(nameOf);
}

/** A constraint that PostgreSQL writes differently or lacks: what it becomes, and how many tokens it was. */
function constraint(tokens: readonly Token[]): [string, number] | undefined {
  switch (keyword(tokens[0])) {
    case "encode":
      return ["", 2];
    case "distkey":
    case "sortkey":
    case "unique":
      return ["", 1];
    case "primary":
      return ["NOT NULL", 2];
    case "references":
      return ["", afterName(tokens, 1) + (tokens[afterName(tokens, 1)]?.source === "(" ? 3 : 0)];
    case "identity":
      return [identity("ALWAYS", tokens.slice(2)), 6];
    case "generated":
      return tokens[5]?.source === "(" ? [identity("BY DEFAULT", tokens.slice(6)), 10] : undefined;
    default:
      return undefined;
  }
}

function identity(when: string, [seed, , step]: readonly Token[]): string {
  return `GENERATED ${when} AS IDENTITY (START WITH ${seed?.source} INCREMENT BY ${step?.source})`;
}

/** Lengths that Redshift assumes where none is written; PostgreSQL assumes others. */
const assumed: Record<string, string> = {
  varchar: "varchar(256)",
  nvarchar: "varchar(256)",
  text: "varchar(256)",
  bpchar: "char(256)",
  nchar: "char(1)",
  decimal: "numeric(18,0)",
  numeric: "numeric(18,0)",
  super: "jsonb",
  varbyte: "bytea",
};
const renamed: Record<string, string> = { nvarchar: "varchar", nchar: "char" };
const longest: Record<string, number> = { varchar: 65_535, char: 4_096, character: 4_096 };

function columnType(tokens: readonly Token[]): { sql: string; length: number } {
  const words = keyword(tokens[1]) === "varying" ? 2 : 1;
  const name = words === 2 ? "varchar" : keyword(tokens[0]);
  const bracketed = tokens[words]?.source === "(";
  const length = bracketed ? closing(tokens, words) + 1 : words;
  if (!bracketed) return { sql: assumed[name] ?? tokens[0]?.source ?? "", length };
  if (name === "varbyte") return { sql: "bytea", length };
  const written = renamed[name] ?? name;
  const inside = tokens
    .slice(words + 1, length - 1)
    .map(source)
    .join("");
  const size = inside.toLowerCase() === "max" ? String(longest[written]) : inside;
  const limit = longest[written];
  if (limit !== undefined && Number(size) > limit) throw new Error(`length for type ${written} cannot exceed ${limit}`);
  return { sql: `${written}(${size})`, length };
}

/** The index behind the (possibly qualified) name of a CREATE TABLE, or behind the name that starts at `from`. */
function afterName(tokens: readonly Token[], from = createPrefix(tokens)): number {
  let at = from + 1;
  while (tokens[at]?.source === ".") at += 2;
  return at;
}

function createPrefix(tokens: readonly Token[]): number {
  const table = tokens.findIndex((token) => ["table", "view"].includes(keyword(token)));
  return keyword(tokens[table + 1]) === "if" ? table + 4 : table + 1;
}

function commaSeparated(tokens: readonly Token[]): Token[][] {
  const items: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.source === "(") depth += 1;
    if (token.source === ")") depth -= 1;
    if (token.source === "," && depth === 0) items.push([]);
    else items.at(-1)?.push(token);
  }
  return items;
}

/** The index of the bracket that closes the one at `open`; the last index if none does. */
function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (tokens[at]!.source === "(") depth += 1;
    if (tokens[at]!.source === ")") depth -= 1;
    if (depth === 0) return at;
  }
  return tokens.length - 1;
}

function source(token: Token): string {
  return token.source;
}
