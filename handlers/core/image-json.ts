import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Image } from "./contract.ts";

/**
 * How images travel as JSON. `typed` is DynamoDB JSON with binaries as base64: lossless, and what `decodeImage` reads.
 * `plain` has native JSON values, easier to query: numbers are exact decimal strings, sets are arrays, binaries are base64,
 * and the types themselves are lost.
 */
export type ImageForm = "typed" | "plain";

/** A value that `JSON.stringify` writes as it is. */
export type Json = string | boolean | null | Json[] | { [name: string]: Json };

/** The image in the given form. */
export function imageJson(image: Image, form: ImageForm): { [name: string]: Json } {
  const write = form === "typed" ? typed : plain;
  // fromEntries defines properties, where assigning would lose an attribute of the name `__proto__`.
  return Object.fromEntries(Object.entries(image).map(([name, value]) => [name, write(value)]));
}

function typed(value: AttributeValue): Json {
  if (value.B !== undefined) return { B: base64(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(base64) };
  if (value.L !== undefined) return { L: value.L.map(typed) };
  if (value.M !== undefined) return { M: imageJson(value.M, "typed") };
  return value as unknown as Json; // strings, numbers and their sets, booleans and null are JSON already
}

function plain(value: AttributeValue): Json {
  if (value.NULL !== undefined) return null;
  if (value.B !== undefined) return base64(value.B);
  if (value.BS !== undefined) return value.BS.map(base64);
  if (value.L !== undefined) return value.L.map(plain);
  if (value.M !== undefined) return imageJson(value.M, "plain");
  return (value.S ?? value.N ?? value.BOOL ?? value.SS ?? value.NS) as Json;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/** A value that is not what a stream record holds in its place; the message begins with the value's JSON path. */
export class Malformed extends Error {
  override name = "Malformed";

  constructor(path: string, problem: string) {
    super(`${path} ${problem}`);
  }
}

/**
 * Decodes an item in DynamoDB JSON, where binaries are base64 text, as Lambda's events carry it. Sets, maps and numbers
 * come out as they are: numbers as the very decimal strings. Throws `Malformed` at the first thing that DynamoDB never writes.
 */
export function decodeImage(value: unknown, path: string): Image {
  // fromEntries defines properties, where assigning would lose an attribute of the name `__proto__`.
  return Object.fromEntries(
    Object.entries(objectAt(value, path)).map(([name, attribute]) => [
      name,
      decodeAttribute(attribute, `${path}.${name}`),
    ]),
  );
}

/** The value as an object that is neither null nor an array, or `Malformed`. */
export function objectAt(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Malformed(path, "must be an object");
  return value as Record<string, unknown>;
}

function decodeAttribute(value: unknown, path: string): AttributeValue {
  const entries = Object.entries(objectAt(value, path));
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) throw new Malformed(path, "must hold exactly one type tag");
  const [tag, content] = entry;
  if (!Object.hasOwn(decoders, tag)) {
    throw new Malformed(path, `has the unknown type tag ${JSON.stringify(tag.slice(0, 20))}`);
  }
  return decoders[tag as keyof typeof decoders](content, `${path}.${tag}`);
}

const decoders = {
  S: (value, path) => ({ S: text(value, path) }),
  N: (value, path) => ({ N: decimal(value, path) }),
  B: (value, path) => ({ B: bytes(value, path) }),
  BOOL: (value, path) => {
    if (typeof value !== "boolean") throw new Malformed(path, "must be true or false");
    return { BOOL: value };
  },
  NULL: (value, path) => {
    if (value !== true) throw new Malformed(path, "must be true");
    return { NULL: true };
  },
  SS: (value, path) => ({ SS: set(value, path, text) }),
  NS: (value, path) => ({ NS: set(value, path, decimal) }),
  BS: (value, path) => ({ BS: set(value, path, bytes) }),
  L: (value, path) => ({ L: list(value, path).map((element, i) => decodeAttribute(element, `${path}[${i}]`)) }),
  M: (value, path) => ({ M: decodeImage(value, path) }),
} satisfies Record<string, (value: unknown, path: string) => AttributeValue>;

function text(value: unknown, path: string): string {
  if (typeof value !== "string") throw new Malformed(path, "must be a string");
  return value;
}

function decimal(value: unknown, path: string): string {
  if (typeof value !== "string" || !value.match(/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/)) {
    throw new Malformed(path, "must be a number, as a decimal string");
  }
  return value;
}

function bytes(value: unknown, path: string): Uint8Array {
  const decoded = typeof value === "string" ? Buffer.from(value, "base64") : undefined;
  // Buffer skips what is not base64: only text that comes back the same was base64 throughout.
  if (decoded === undefined || decoded.toString("base64") !== value) throw new Malformed(path, "must be base64 text");
  return new Uint8Array(decoded);
}

function list(value: unknown, path: string): unknown[] {
  if (!Array.isArray(value)) throw new Malformed(path, "must be an array");
  return value;
}

function set<T>(value: unknown, path: string, element: (value: unknown, path: string) => T): T[] {
  const elements = list(value, path);
  if (elements.length === 0) throw new Malformed(path, "must not be empty");
  return elements.map((one, i) => element(one, `${path}[${i}]`));
}
