import { isObject } from "../is-object.ts";

/**
 * How many lists and objects may be inside each other. An item's attributes nest 32 levels deep, each of which a filter
 * pattern writes as two. Much deeper text would exhaust the stack of whatever walks through it.
 */
export const deepest = 100;

/** A value as far down as it may be nested, with null for what is deeper. */
export function shallow(value: unknown, levels = deepest): unknown {
  if (Array.isArray(value)) return levels === 0 ? null : value.map((part) => shallow(part, levels - 1));
  if (!isObject(value)) return value;
  if (levels === 0) return null;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shallow(part, levels - 1)]));
}

/** Whether a value is nested more deeply than it may be. */
export function isTooDeep(value: unknown, levels = deepest): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isTooDeep(part, levels - 1));
}
