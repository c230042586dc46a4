/** A piece of SQL text. All pieces, joined, are the text again. */
export interface Token {
  /** `word` is a bare name or keyword, `name` a double-quoted one, `text` any literal, `dollar` bodies included. */
  readonly kind: "word" | "name" | "text" | "number" | "symbol" | "space";
  /** Exactly as written. */
  readonly source: string;
}

const patterns: readonly (readonly [Token["kind"], RegExp])[] = [
  ["space", /(?:\s+|--[^\n]*)+/y],
  ["text", /(?:[eE]'(?:[^'\\]|''|\\[\s\S])*'|[nNbBxX]?'(?:[^']|'')*')/y],
  ["text", /\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?\$\1\$/y],
  ["name", /"(?:[^"]|"")*"/y],
  ["number", /\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?/y],
  ["word", /[A-Za-z_#\u0080-\uffff][\w$#\u0080-\uffff]*/y],
  ["symbol", /::|\|\||[<>!=]=|<>|\$\d+|[\s\S]/y],
];

/** Cuts SQL into pieces, so that a change to one can never reach into a literal, a quoted name, a comment or a `$$` body. */
export function tokens(sql: string): Token[] {
  const found: Token[] = [];
  for (let at = 0; at < sql.length; ) {
    const token = comment(sql, at) ?? match(sql, at);
    found.push(token);
    at += token.source.length;
  }
  return found;
}

/** The token as a keyword, in lower case; empty for whatever cannot be one. */
export function keyword(token: Token | undefined): string {
  return token?.kind === "word" ? token.source.toLowerCase() : "";
}

/** The name that a token stands for: as written if it is quoted, folded to lower case if it is bare. */
export function nameOf(token: Token): string {
  return token.kind === "name" ? token.source.slice(1, -1).replaceAll('""', '"') : token.source.toLowerCase();
}

/** The string that a plain `'literal'` stands for. */
export function textOf(token: Token): string {
  return token.source.slice(1, -1).replaceAll("''", "'");
}

/** The pieces without spaces and comments. */
export function meaningful(all: readonly Token[]): Token[] {
  return all.filter(({ kind }) => kind !== "space");
}

/** The statements of a script, cut at the semicolons outside of literals; none is empty. */
export function statements(sql: string): Token[][] {
  const found: Token[][] = [[]];
  for (const token of tokens(sql)) {
    if (token.source === ";") found.push([]);
    else found.at(-1)?.push(token);
  }
  return found.filter((statement) => meaningful(statement).length > 0);
}

function match(sql: string, at: number): Token {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const source = pattern.exec(sql)?.[0];
    if (source) return { kind, source };
  }
  throw new Error(`no token at ${at}`); // the last pattern takes any character
}

/** A block comment, which may hold others; one that never ends is left to the database to complain about. */
function comment(sql: string, at: number): Token | undefined {
  if (!sql.startsWith("/*", at)) return undefined;
  let depth = 0;
  for (const mark of sql.slice(at).matchAll(/\/\*|\*\//g)) {
    depth += mark[0] === "/*" ? 1 : -1;
    if (depth === 0) return { kind: "space", source: sql.slice(at, at + mark.index + 2) };
  }
  return { kind: "symbol", source: sql.slice(at) };
}
