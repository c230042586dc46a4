import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** An item, or an image of one, as DynamoDB's JSON has it and as the SDK has it: with bytes in place of base64. */
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
