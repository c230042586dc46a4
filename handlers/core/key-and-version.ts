import { createHash } from "node:crypto";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Change, Image } from "./contract.ts";

/**
 * SHA-256 over the key attributes in the order of their names, as 64 hexadecimal digits. Numbers count by value, so that
 * `1`, `1.0` and `1E0` are one key, as they are to DynamoDB.
 */
export function keyHash(keys: Image): string {
  const names = Object.keys(keys).sort();
  const canonical = names.map((name) => [name, ...canonicalValue(keys[name]!)]);
  return createHash("sha256").update(JSON.stringify(canonical)).digest("hex");
}

/**
 * The event id of a change whose record has none: 32 hexadecimal digits, as DynamoDB's own are. It follows from what
 * identifies the change, so that it is the same each time.
 */
export function eventIdOf(keyHash: string, version: string): string {
  return createHash("sha256")
    .update(`${keyHash} ${BigInt(version)}`)
    .digest("hex")
    .slice(0, 32);
}

/** Whether the value has a type that key attributes have. */
export function isKeyValue(value: AttributeValue): boolean {
  return value.S !== undefined || value.N !== undefined || value.B !== undefined;
}

/** Whether two values are the same as key attributes: of one type, strings and binaries byte by byte, numbers by value. */
export function isSameKeyValue(one: AttributeValue, other: AttributeValue): boolean {
  if (!isKeyValue(one) || !isKeyValue(other)) return false;
  const [tag, content] = canonicalValue(one);
  const [otherTag, otherContent] = canonicalValue(other);
  return tag === otherTag && content === otherContent;
}

function canonicalValue(value: AttributeValue): [tag: string, content: string] {
  if (value.S !== undefined) return ["S", value.S];
  if (value.N !== undefined) return ["N", canonicalNumber(value.N)];
  if (value.B !== undefined) return ["B", Buffer.from(value.B).toString("base64")];
  throw new Error("A key attribute must be a string, a number or a binary.");
}

/** The number as its sign, its digits without outer zeros, and a power of ten. */
function canonicalNumber(number: string): string {
  const [mantissa = "", exponent = "0"] = number.toLowerCase().split("e");
  const negative = mantissa.startsWith("-");
  const [whole = "", fraction = ""] = mantissa.replace(/^[+-]/, "").split(".");
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${negative ? "-" : ""}${significant}e${power}`;
}

/** A change's version, padded with zeros to 40 digits, the longest that a stream has: as text it sorts like the number. */
export function sortable(version: string): string {
  return version.padStart(40, "0");
}

/** Puts changes in the order of their versions. As numbers, since they differ in length: as text, 9 comes after 10. */
export function byVersion(one: Pick<Change, "version">, other: Pick<Change, "version">): number {
  return Number(BigInt(one.version) - BigInt(other.version));
}
