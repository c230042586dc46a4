/** One row's JSON in a file. */
export interface JsonRecord {
  /** As written. */
  readonly source: string;
  /** The line on which it begins, from 1. */
  readonly line: number;
  /** The object; or what is wrong. */
  readonly content: Readonly<Record<string, unknown>> | string;
}

/** The most bytes that Redshift takes in one JSON object. */
const longest = 4 * 1024 * 1024;

/**
 * The JSON objects of a file, however they are laid out: one per line, one over several lines, or one right after the
 * other, which is how Firehose joins records. After something that is not JSON it goes on with the next line.
 */
export function* jsonRecords(text: string): Generator<JsonRecord> {
  let line = 1;
  for (let at = 0; ; ) {
    const start = pastSpace(text, at);
    line += lines(text, at, start);
    if (start >= text.length) return;
    const newline = text.indexOf("\n", start);
    const lineEnd = newline < 0 ? text.length : newline;
    const whole = parsed(text.slice(start, lineEnd));
    const end = whole === undefined ? (objectEnd(text, start) ?? lineEnd) : lineEnd;
    const source = text.slice(start, end);
    yield { source, line, content: content(source, whole ?? parsed(source)) };
    line += lines(text, start, end);
    at = end;
  }
}

function content(source: string, value: unknown): JsonRecord["content"] {
  if (value === undefined) return "Invalid JSON";
  if (value === null || typeof value !== "object" || Array.isArray(value))
    return "Invalid JSON: a row must be an object";
  const tooLong = source.length * 3 > longest && Buffer.byteLength(source) > longest;
  return tooLong ? `JSON object is larger than ${longest} bytes` : (value as Record<string, unknown>);
}

function parsed(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined; // the caller looks further: a line need not be an object
  }
}

/** Where the object that starts here ends; undefined if nothing closes it. */
function objectEnd(text: string, start: number): number | undefined {
  if (text[start] !== "{") return undefined;
  let depth = 0;
  const marks = /"[^"\\\n]*(?:\\.[^"\\\n]*)*"|[{}"]/g;
  marks.lastIndex = start;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    if (mark[0] === '"') return undefined; // a string that its line does not close
    if (mark[0] === "{") depth += 1;
    if (mark[0] === "}") depth -= 1;
    if (mark[0] === "}" && depth === 0) return mark.index + 1;
  }
  return undefined;
}

function pastSpace(text: string, at: number): number {
  const space = /\s*/y;
  space.lastIndex = at;
  space.test(text);
  return space.lastIndex;
}

function lines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}
