import { isObject } from "../is-object.ts";
import type { Attributes, Field, Fields, Leaf, Shape, Typed } from "./attributes.ts";
import { attribute } from "./attributes.ts";
import { objects } from "./demands.ts";
import { recordShape, type StreamFacts } from "./record.ts";
import { choose, type Rules } from "./values.ts";

/** A part of a pattern that does not do what it seems to, because records are otherwise. */
export interface Misfit {
  /** Where it stands in the pattern. */
  readonly path: readonly (string | number)[];
  /** The value or operator that it is about; undefined where it is about all that stands there. */
  readonly subject?: unknown;
  /** What is wrong and what would be right, without the subject. */
  readonly clause: string;
  /** Of what could stand there instead. */
  readonly known?: readonly string[];
}

type Path = Misfit["path"];
type Pattern = Readonly<Record<string, unknown>>;

/**
 * What in a pattern can never match whatever the change, or always does: a field that no record has, a value that cannot stand
 * at its place, a rule on what is no single value.
 * @param pattern one that AWS accepts
 */
export function misfits(pattern: Pattern, facts: StreamFacts): readonly Misfit[] {
  return below(pattern, recordShape(facts), []);
}

function below(pattern: Pattern, shape: Exclude<Shape, Leaf>, path: Path): Misfit[] {
  if (shape.is === "list") return below(pattern, shape.of, path);
  return Object.entries(pattern).flatMap(([key, value]) => {
    if (key === "$or")
      return objects(value).flatMap((alternative, index) => below(alternative, shape, [...path, key, index]));
    const here = [...path, key];
    if (shape.is === "fields") return ofField(shape, key, value, here);
    return shape.is === "attributes" ? ofAttribute(shape, key, value, here) : ofType(shape, key, value, here);
  });
}

function ofField({ fields }: Fields, key: string, value: unknown, path: Path): Misfit[] {
  const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
  if (field === undefined) return [{ path, clause: "is no part of a record", known: Object.keys(fields) }];
  if (field.there === "never") return [{ path, clause: `is never there: ${field.why}` }];
  return ofValue(field.shape, value, path, (rule) => insteadOfField(key, field, rule));
}

function ofAttribute({ keys, others }: Attributes, name: string, value: unknown, path: Path): Misfit[] {
  const typed = Object.hasOwn(keys, name) ? keys[name] : others;
  if (typed === undefined) return [{ path, clause: "is no attribute of the key", known: Object.keys(keys) }];
  return ofValue(typed, value, path, (rule) => insteadOfAttribute(typed, rule));
}

function ofType({ types }: Typed, letter: string, value: unknown, path: Path): Misfit[] {
  const shape = Object.hasOwn(types, letter) ? types[letter as keyof typeof types] : undefined;
  const [name] = path.slice(-2);
  if (shape !== undefined)
    return ofValue(shape, value, path, (rule) => {
      if (letter === "L") return `a rule below, for an element of a type: ${JSON.stringify({ L: { S: [rule] } })}`;
      return `a rule below, for an attribute in it: ${JSON.stringify({ M: { name: { S: [rule] } } })}`;
    });
  if (Object.hasOwn(attribute.types, letter))
    return [
      { path, clause: `can never match: the key attribute "${name}" is of type ${Object.keys(types).join(" or ")}` },
    ];
  const upper = letter.toUpperCase();
  if (Object.hasOwn(types, upper)) return [{ path, clause: "is no type of an attribute", known: Object.keys(types) }];
  const within = JSON.stringify({ M: { [letter]: value } });
  const clause = `is no type of an attribute, which "${name}" needs before anything else; attributes in a map are below its type M: ${within.length > 60 ? `{"M":{"${letter}":...}}` : within}`;
  return [{ path, clause }];
}

/** @param instead what to say in place of a rule on what is no single value, to fit after "expected" */
function ofValue(shape: Shape, value: unknown, path: Path, instead: (rule: unknown) => string): Misfit[] {
  if (shape.is === "leaf") {
    if (Array.isArray(value)) return value.flatMap((rule) => ofRule(shape, rule, path));
    return [{ path, clause: `is a single value, with nothing below it; expected a list: ${shape.domain.expected}` }];
  }
  if (isObject(value)) return below(value, shape, path);
  return (value as Rules).map((rule) => ({
    path,
    subject: rule,
    clause: `${onNode(rule)}; expected ${instead(rule)}`,
  }));
}

// https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html#filtering-ddb-exists says that `exists` works on leaf
// nodes only. What `exists: false` does elsewhere was recorded: it lets every record through.
function onNode(rule: unknown): string {
  const isExists = isObject(rule) && Object.hasOwn(rule, "exists");
  const what = isExists && rule.exists === false ? "always matches" : "never matches";
  return `${what} here, since rules see single values only, and this is none`;
}

function ofRule({ domain }: Leaf, rule: unknown, path: Path): Misfit[] {
  if (isObject(rule) && Object.hasOwn(rule, "exists")) return [];
  if (isObject(rule) && Object.hasOwn(rule, "anything-but")) {
    const idle = [rule["anything-but"]].flat().filter((value) => !domain.has(value));
    const found = idle.map((value) => ({
      path,
      subject: value,
      clause: `in "anything-but" keeps nothing out, as it can never stand here; ${expected(domain, value)}`,
    }));
    if (found.length > 0) return found;
  }
  if (choose(domain, [[rule]]) !== undefined) return [];
  // "DynamoDB event filtering doesn't support the use of numeric operators", says the page above, and so it was recorded.
  if (isObject(rule) && Object.hasOwn(rule, "numeric") && !domain.has(1) && domain.has("1"))
    return [
      {
        path,
        subject: rule,
        clause: `can never match: a record has its numbers as text, which cannot be compared; expected them one by one, such as ["42","43"], or what text allows, such as {"prefix":"4"}`,
      },
    ];
  return [
    {
      path,
      subject: rule,
      clause: `can never match; ${expected(domain, isObject(rule) ? Object.values(rule)[0] : rule)}`,
    },
  ];
}

function expected({ expected, meant }: Leaf["domain"], value: unknown): string {
  const right = meant?.(value);
  return right === undefined ? `expected ${expected}` : `did you mean ${JSON.stringify(right)}? expected ${expected}`;
}

/** Which changes have an image, and which have none. */
const changesWith: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
  NewImage: [["INSERT", "MODIFY"], ["REMOVE"]],
  OldImage: [["MODIFY", "REMOVE"], ["INSERT"]],
};

function insteadOfField(key: string, { shape }: Field, rule: unknown): string {
  const exists = isObject(rule) ? rule.exists : undefined;
  const images = changesWith[key];
  if (images !== undefined && typeof exists === "boolean") return JSON.stringify({ eventName: images[exists ? 0 : 1] });
  if (shape.is === "attributes") return JSON.stringify({ [key]: { name: { S: [rule] } } });
  const sample =
    key === "userIdentity" ? { type: [exists === false ? rule : "Service"] } : { Keys: { name: { S: [rule] } } };
  return JSON.stringify({ [key]: sample });
}

function insteadOfAttribute({ types }: Typed, rule: unknown): string {
  const letters = Object.keys(types);
  const [letter, inside] = typedRule(rule, letters);
  const others = letters.length > 1 ? `, or another of the types ${letters.join(", ")}` : "";
  return `the attribute's type first: ${JSON.stringify({ [letter]: [inside] })}${others}`;
}

/** What a rule without a type most likely means, with its type. */
function typedRule(rule: unknown, letters: readonly string[]): [letter: string, rule: unknown] {
  const only = letters.length === 1 ? letters[0] : undefined;
  if (typeof rule === "number") return [only ?? "N", String(rule)];
  if (typeof rule === "boolean") return [only ?? "BOOL", rule];
  if (rule === null) return [only ?? "NULL", true];
  return [only ?? "S", rule];
}
