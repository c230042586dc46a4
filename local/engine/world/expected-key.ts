import type { ScalarAttributeType } from "@aws-sdk/client-dynamodb";
import { isObject } from "../../../infra/is-object.ts";

/** A table's key attributes: the partition key, and the sort key if there is one. */
export type ExpectedKey = readonly { readonly name: string; readonly type: ScalarAttributeType }[];

export const usualKey: ExpectedKey = [{ name: "id", type: "S" }];

/**
 * The key of a table that a program expects to find, of which it says nothing but the name: the one that a value of the stack's
 * configuration has as its `hashKey` and `rangeKey`, such as that of the table that is copied there; else `id`, a string.
 * @param config values by `<namespace>:<key>`; those that are no text are JSON
 */
export function expectedKey(config: Readonly<Record<string, string>>): ExpectedKey {
  for (const text of Object.values(config)) {
    const value = parsed(text);
    const hashKey = keyAttribute(value?.hashKey);
    const rangeKey = keyAttribute(value?.rangeKey);
    if (hashKey !== undefined) return rangeKey === undefined ? [hashKey] : [hashKey, rangeKey];
  }
  return usualKey;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // a text
  }
}

function keyAttribute(value: unknown): ExpectedKey[number] | undefined {
  if (!isObject(value) || typeof value.name !== "string") return undefined;
  return ["S", "N", "B"].includes(String(value.type)) ? { name: value.name, type: value.type as "S" } : undefined;
}
