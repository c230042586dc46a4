import { isObject } from "./is-object.ts";

/** Whether a delete can match one of the filter patterns, given as JSON text; without any, every change is delivered. */
export function letDeletesThrough(patterns: readonly string[]): boolean {
  return patterns.length === 0 || patterns.some((pattern) => mayMatch(JSON.parse(pattern), deletion));
}

const absent = Symbol("absent");

/** What is certain about the record of a delete. */
const deletion = { eventName: "REMOVE", dynamodb: { NewImage: absent } };

/** Whether a pattern may match what is known, and anything that is not. */
function mayMatch(pattern: unknown, known: unknown): boolean {
  if (Array.isArray(pattern)) {
    if (known === absent) return pattern.some((rule) => isObject(rule) && rule.exists === false);
    return known === undefined || pattern.some((rule) => rule === known || isObject(rule));
  }
  if (!isObject(pattern)) return true;
  return Object.entries(pattern).every(([key, inner]) => {
    if (key === "$or" && Array.isArray(inner)) return inner.some((alternative) => mayMatch(alternative, known));
    return mayMatch(inner, isObject(known) ? known[key] : known);
  });
}
