import { z } from "zod";
import { isObject } from "../is-object.ts";
import type { Problem } from "./check.ts";

/** What reading a malformed setting throws: whoever reads it cannot say anything, and the setting has its own problem already. */
class Malformed extends Error {
  override readonly name = "Malformed";
}

/**
 * Settings of which some may be malformed, for checks that look at several of them. A well-formed setting has its value
 * or its default; reading a malformed one ends the check, see `unlessMalformed`. Unknown settings are not there.
 */
export function wellFormed<Schema extends z.ZodType>(schema: Schema, raw: unknown): z.output<Schema> {
  const whole = schema.safeParse(raw);
  if (whole.success) return whole.data;
  const inner = withoutWrappers(schema);
  if (!(inner instanceof z.ZodObject)) return malformed();
  return partsOf(inner, raw, Object.keys(inner.shape)) as z.output<Schema>;
}

/** The settings that are given, without defaults; reading a malformed one ends the check. Unknown ones are not there. */
export function given(schema: z.ZodObject, raw: unknown): Readonly<Record<string, unknown>> {
  return isObject(raw) ? partsOf(schema, raw, Object.keys(raw)) : {};
}

function partsOf(schema: z.ZodObject, raw: unknown, keys: readonly string[]): Record<string, unknown> {
  const parts: Record<string, unknown> = {};
  for (const key of keys.filter((key) => Object.hasOwn(schema.shape, key))) {
    const get = (): unknown => (isObject(raw) ? wellFormed(schema.shape[key] as z.ZodType, raw[key]) : malformed());
    Object.defineProperty(parts, key, { enumerable: true, get });
  }
  return parts;
}

function withoutWrappers(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    return withoutWrappers(schema.unwrap() as z.ZodType);
  return schema;
}

/** Says that what is asked for is malformed, or could not be found out because something else is. */
export function malformed(): never {
  throw new Malformed();
}

/** What a check finds; undefined if it needs a malformed setting. */
export function unlessMalformed<Found>(check: () => Found): Found | undefined {
  try {
    const found = check();
    return found instanceof Promise ? (found.catch(nothing) as Found) : found;
  } catch (error) {
    return nothing(error);
  }
}

function nothing(error: unknown): undefined {
  if (!(error instanceof Malformed)) throw error;
}

/** What several checks find, each without those that need a malformed setting. */
export function runChecks<Given extends readonly unknown[]>(
  checks: readonly ((...given: Given) => readonly Problem[])[],
  ...given: Given
): readonly Problem[] {
  return checks.flatMap((check) => unlessMalformed(() => check(...given)) ?? []);
}
