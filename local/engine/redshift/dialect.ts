import { attributes, columnDefinition, createTable } from "./create-table.ts";
import { keyword, meaningful, type Token, tokens as tokenize } from "./tokens.ts";
import { userStatement } from "./user-statement.ts";

/**
 * One statement of Redshift's dialect as PostgreSQL understands it; empty where it only says how a cluster stores a
 * table. What it does not know it leaves alone, for PostgreSQL to accept or to refuse.
 */
export function translate(statement: readonly Token[]): string {
  const all = meaningful(statement);
  const [verb, ...words] = all.map(keyword);
  if (verb === "create" && words[0] === "materialized") return expressions(tokenize(materializedView(all)));
  if (verb === "create" && words.slice(0, 4).includes("view")) return expressions(bound(statement));
  if (verb === "create" && words.slice(0, 3).includes("table")) return expressions(tokenize(createTable(statement)));
  if ((verb === "create" || verb === "alter") && words[0] === "user") return userStatement(statement);
  if (verb === "alter" && words[0] === "table") return alterTable(statement);
  return expressions(statement);
}

/** A view without WITH NO SCHEMA BINDING: PostgreSQL binds every view. */
function bound(statement: readonly Token[]): readonly Token[] {
  const tail = meaningful(statement).slice(-4);
  return tail.map(keyword).join(" ") === "with no schema binding"
    ? statement.slice(0, statement.indexOf(tail[0]!))
    : statement;
}

function materializedView(all: readonly Token[]): string {
  const as = all.findIndex((token) => keyword(token) === "as");
  const view = all.findIndex((token) => keyword(token) === "view");
  return [
    ...all.slice(0, view + 1).map(source),
    ...attributes(all.slice(view + 1, as)),
    ...all.slice(as).map(source),
  ].join(" ");
}

const storage = ["diststyle", "distkey", "sortkey", "compound", "encode"];
const unenforced = ["primary", "unique", "foreign"];

function alterTable(statement: readonly Token[]): string {
  const all = meaningful(statement);
  const words = all.map(keyword);
  const at = words.findIndex((word, index) => index > 2 && (word === "add" || word === "alter"));
  const rest = words.slice(at + 1);
  if (words[at] === "alter" && (storage.includes(rest[0]!) || rest.includes("encode"))) return "";
  if (words[at] !== "add") return expressions(statement);
  if (unenforced.includes(rest[0]!) || (rest[0] === "constraint" && unenforced.includes(rest[2]!))) return "";
  const name = rest[0] === "column" ? at + 2 : at + 1;
  return expressions(
    tokenize([...all.slice(0, name + 1).map(source), columnDefinition(all.slice(name + 1))].join(" ")),
  );
}

/** Functions under the name that they have here; JSON_SERIALIZE is a word of PostgreSQL's own grammar. */
const functions: Record<string, string> = Object.assign(Object.create(null), {
  nvl: "coalesce",
  json_serialize: "pg_catalog.super_text",
});

/** What differs in any expression: casts to SUPER, VARCHAR(MAX), some functions. */
function expressions(statement: readonly Token[]): string {
  const all = meaningful(statement);
  const places = new Map(all.map((token, index) => [token, index]));
  const casts: boolean[] = [];
  return statement
    .map((token) => {
      const index = places.get(token) ?? -1;
      const [before, after] = [all[index - 1], all[index + 1]];
      if (token.source === "(") casts.push(keyword(before) === "cast");
      if (token.source === ")") casts.pop();
      const cast = before?.source === "::" || (keyword(before) === "as" && casts.at(-1) === true);
      if (keyword(token) === "super" && cast) return "jsonb";
      if (keyword(token) === "max" && before?.source === "(" && keyword(all[index - 2]) === "varchar") return "65535";
      const called = after?.source === "(" && before?.source !== "." ? functions[keyword(token)] : undefined;
      if (called !== undefined) return called;
      return token.source;
    })
    .join("");
}

function source(token: Token): string {
  return token.source;
}
