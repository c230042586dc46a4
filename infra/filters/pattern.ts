import { isObject } from "../is-object.ts";
import { type Condition, InvalidPattern, leaf } from "./pattern-leaf.ts";
import { filterable } from "./record.ts";

export { InvalidPattern };

/**
 * Whether one value matches. `all` are the values that stand at the same place of the event, more than one where the
 * path leads through arrays: `exists: false` holds only if none of them has the field.
 */
type Matcher = (value: unknown, all: readonly unknown[]) => boolean;

// AWS's own matcher, event-ruler, is a Java library; no well-kept package for Node has been found (2026-11). The few
// operators that Lambda has are written out here and in pattern-leaf.ts.

/**
 * Compiles an event filter pattern in EventBridge's rule syntax, limited to the operators that event source mappings have
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html).
 * @param text the pattern as JSON
 * @returns whether an event record matches
 * @throws InvalidPattern
 */
export function compilePattern(text: string): (record: unknown) => boolean {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch (error) {
    throw new InvalidPattern(`it is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  // AWS's documentation writes an AND with the key `dynamodb` twice, but does not say what happens to the first one.
  const twice = duplicateKey(text);
  if (twice !== undefined)
    throw new InvalidPattern(`it has "${twice}" twice in one object; write one that has both contents`);
  const matches = compileObject(pattern, []);
  refuseMetadata(pattern as Record<string, unknown>);
  return (record) => matches(record, [record]);
}

// Whether AWS filters on eventSource, eventSourceARN, awsRegion and the like is not documented. In 2024 it was recorded
// that a pattern on eventSource let its records through, but the recordings of 2025 leave that case out as broken. A
// pattern that works here and drops everything there would be the worst outcome, so such patterns are refused.
function refuseMetadata(pattern: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(pattern)) {
    if (key === "$or") for (const alternative of value as Record<string, unknown>[]) refuseMetadata(alternative);
    else if (!filterable.includes(key)) {
      throw new InvalidPattern(`"${key}" cannot be filtered on; only ${filterable.join(", ")} can`);
    }
  }
}

function compileObject(pattern: unknown, path: readonly string[]): Matcher {
  if (!isObject(pattern)) throw new InvalidPattern(`${place(path)} is not an object`);
  const fields = Object.entries(pattern);
  if (fields.length === 0) throw new InvalidPattern(`${place(path)} is empty`);
  const matchers = fields.map(([key, value]) => compileField(key, value, path));
  return (value, all) => matchers.every((matches) => matches(value, all));
}

function compileField(key: string, value: unknown, path: readonly string[]): Matcher {
  const here = [...path, key];
  if (key === "$or") return compileOr(value, here, path);
  if (Array.isArray(value)) {
    if (value.length === 0) throw new InvalidPattern(`${place(here)} is an empty list`);
    return compileLeaf(
      key,
      value.map((rule) => leaf(rule, place(here))),
    );
  }
  if (!isObject(value)) throw new InvalidPattern(`${place(here)} is neither a list of values nor an object`);
  const matches = compileObject(value, here);
  return (parent, all) => {
    const siblings = all.flatMap((one) => children(one, key));
    const mine = children(parent, key);
    return (mine.length === 0 ? [undefined] : mine).some((child) => matches(child, siblings));
  };
}

function compileOr(value: unknown, here: readonly string[], path: readonly string[]): Matcher {
  if (!Array.isArray(value) || value.length < 2)
    throw new InvalidPattern(`${place(here)} is not a list of two or more objects`);
  const alternatives = value.map((alternative) => compileObject(alternative, path));
  return (one, all) => alternatives.some((matches) => matches(one, all));
}

function compileLeaf(key: string, conditions: readonly Condition[]): Matcher {
  return (parent, all) => {
    const absent = all.every((one) => leaves(one, key).length === 0);
    const values = leaves(parent, key);
    return conditions.some((holds) => (holds === "absent" ? absent : values.some(holds)));
  };
}

/** The objects under a key, seen through arrays. */
function children(parent: unknown, key: string): unknown[] {
  return flat(parent, key).filter(isObject);
}

/** The values under a key that are not objects, seen through arrays. An object is no leaf, so `exists` cannot see it. */
function leaves(parent: unknown, key: string): unknown[] {
  return flat(parent, key).filter((value) => !isObject(value));
}

function flat(parent: unknown, key: string): unknown[] {
  if (!isObject(parent) || !Object.hasOwn(parent, key)) return [];
  const value = parent[key];
  return Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : value === undefined ? [] : [value];
}

function place(path: readonly string[]): string {
  return path.length === 0 ? "the pattern" : `"${path.join(".")}"`;
}

const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/g;

/** The first key that a JSON text has twice in one object; `JSON.parse` would keep only the last one. */
export function duplicateKey(json: string): string | undefined {
  const objects: Set<string>[] = [];
  for (const [token, colon] of json.matchAll(tokens)) {
    if (token === "{") objects.push(new Set());
    else if (token === "}") objects.pop();
    else if (colon !== undefined) {
      const key: string = JSON.parse(token.slice(0, -colon.length));
      const keys = objects.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
  }
  return undefined;
}
