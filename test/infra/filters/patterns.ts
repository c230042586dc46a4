import fc from "fast-check";
import type { JsonObject } from "./records.ts";

type Value = JsonObject[string];

const others = fc.constantFrom("a", "A", "ab", "b", "42", "1", "AA==", "INSERT", "insert", "REMOVE", "OPEN");
const letters = fc.constantFrom("S", "N", "B", "BOOL", "SS", "L", "M");

/** A rule that holds for a single value. */
function ruleFor(value: string | number | boolean | null): fc.Arbitrary<unknown> {
  const always = [fc.constant(value), fc.constant({ exists: true })];
  if (typeof value === "string") {
    const cut = fc.nat(value.length);
    return fc.oneof(
      ...always,
      cut.map((at) => ({ prefix: value.slice(0, at) })),
      cut.map((at) => ({ suffix: value.slice(at) })),
      fc.constantFrom({ "equals-ignore-case": value.toUpperCase() }, { "equals-ignore-case": value.toLowerCase() }),
      others.filter((other) => other !== value).map((other) => ({ "anything-but": [other] })),
    );
  }
  if (typeof value !== "number") return fc.oneof(...always);
  return fc.oneof(
    ...always,
    fc
      .constantFrom(["=", value], [">=", value], ["<", value + 1], [">", value - 1, "<=", value])
      .map((numeric) => ({ numeric })),
    fc.constant({ "anything-but": value + 1 }),
  );
}

/** A part of a pattern that a value matches, or undefined where nothing of it can be asked for. */
function partFor(value: Value): fc.Arbitrary<unknown> {
  if (Array.isArray(value)) {
    const elements: readonly Value[] = value;
    return elements.length === 0 ? fc.constant(undefined) : fc.constantFrom(...elements).chain(partFor);
  }
  if (typeof value !== "object" || value === null) return ruleFor(value as string).map((rule) => [rule]);
  return matching(value as JsonObject, 0).map((part) => (Object.keys(part).length === 0 ? undefined : part));
}

/** A pattern that matches an object: of `least` fields or more that it has, and perhaps of one that it has not. */
function matching(value: JsonObject, least = 1): fc.Arbitrary<Record<string, unknown>> {
  const subset = fc.subarray(Object.keys(value), { minLength: Math.min(least, Object.keys(value).length) });
  return subset.chain((keys) => {
    const fields = keys.map((key) => partFor(value[key]!).map((part) => [key, part] as const));
    return fc.tuple(...fields).map((all) => Object.fromEntries(all.filter(([, part]) => part !== undefined)));
  });
}

const filterable = (record: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(record).filter(([key]) => ["eventName", "userIdentity", "dynamodb"].includes(key)));

const isEmpty = (pattern: object) => Object.keys(pattern).length === 0;

/** A pattern that matches a record. */
export function patternFor(record: JsonObject): fc.Arbitrary<Record<string, unknown>> {
  const plain = matching(filterable(record)).filter((pattern) => !isEmpty(pattern));
  const without = fc.tuple(fc.constantFrom("NewImage", "OldImage"), letters).map(([image, letter]) => ({
    dynamodb: { [image]: { absent: { [letter]: [{ exists: false }] } } },
  }));
  const one = fc.oneof({ weight: 4, arbitrary: plain }, { weight: 1, arbitrary: without });
  const both = fc.tuple(one, one).map(([first, second]) => ({ ...first, $or: [second, second] }));
  return fc.oneof({ weight: 2, arbitrary: one }, { weight: 1, arbitrary: both });
}

/** A pattern that asks for what two records have, of which it may match neither: for both, for either, or for a part of each. */
export function patternAcross(first: JsonObject, second: JsonObject): fc.Arbitrary<Record<string, unknown>> {
  const event = fc.constantFrom({}, { eventName: ["INSERT"] }, { eventName: ["REMOVE"] });
  return fc
    .tuple(patternFor(first), patternFor(second), patternFor(second), event)
    .chain(([one, other, third, event]) =>
      fc.constantFrom(
        { ...withoutOr(other), $or: [third, { ...one, ...event }] },
        { ...one, ...event },
        { ...withoutOr(one), $or: [other, other] },
        { ...withoutOr(one), $or: [one, third] },
        { ...withoutOr(other), $or: [one, third] },
        { $or: [one, other] },
      ),
    );
}

function withoutOr({ $or, ...pattern }: Record<string, unknown>): Record<string, unknown> {
  return pattern;
}
