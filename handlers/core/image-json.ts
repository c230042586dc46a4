import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Image } from "./change.ts";

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
