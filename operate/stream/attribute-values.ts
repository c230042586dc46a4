import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { AttributeValue as JsonValue } from "aws-lambda";

/** An item, or an image of one, from DynamoDB's JSON to the SDK's form: bytes in place of base64. */
export function fromJson(item: Readonly<Record<string, AttributeValue>>): Record<string, AttributeValue> {
  // fromEntries defines properties, where assigning would lose an attribute of the name `__proto__`.
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, withBytes(value)]));
}

function withBytes(value: AttributeValue): AttributeValue {
  const bytes = (base64: unknown) => Buffer.from(String(base64), "base64");
  if (value.B !== undefined) return { B: bytes(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(bytes) };
  if (value.L !== undefined) return { L: value.L.map(withBytes) };
  if (value.M !== undefined) return { M: fromJson(value.M) };
  return value;
}

/** An item, or an image of one, from the SDK's form to DynamoDB's JSON: base64 in place of bytes. */
export function toJson(item: Readonly<Record<string, AttributeValue>>): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, withBase64(value)]));
}

function withBase64(value: AttributeValue): JsonValue {
  const base64 = (bytes: Uint8Array) =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  if (value.B !== undefined) return { B: base64(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(base64) };
  if (value.L !== undefined) return { L: value.L.map(withBase64) };
  if (value.M !== undefined) return { M: toJson(value.M) };
  return value as JsonValue; // the other types are the same in both
}
