import { isObject } from "../is-object.ts";
import type { Shape } from "./attributes.ts";
import { type Demand, demandsOf } from "./demands.ts";
import { leaf } from "./pattern-leaf.ts";
import { formsOf, recordShape, type StreamFacts } from "./record.ts";
import { choose, isAbsent, type Rules } from "./values.ts";

/**
 * Whether every record of the stream matches one of the patterns. True only if that is certain: of alternatives that are
 * complete only together, it sees those that share the kinds of changes out among them.
 * @param patterns such as AWS accepts
 * @throws TooManyCombinations
 */
export function matchEverything(patterns: readonly Readonly<Record<string, unknown>>[], facts: StreamFacts): boolean {
  const demands = patterns.flatMap(demandsOf);
  return formsOf(facts).every((form) => {
    const shape = recordShape(facts, form);
    return demands.some((demand) => isAlwaysMet(demand, shape));
  });
}

/** Whether everything of a shape meets a demand; true only if that is certain. */
export function isAlwaysMet({ leaves, below }: Demand, shape: Shape): boolean {
  return (
    leaves.every(({ key, rules }) => {
      const { there, shape: inner } = child(shape, key);
      return (there === "always" || rules.some(isAbsent)) && (there === "never" || holdOfAll(rules, inner));
    }) &&
    below.every(({ key, demand }) => {
      const { there, shape: inner } = child(shape, key);
      return (there === "always" || isMetByNothing(demand)) && (there === "never" || isAlwaysMet(demand, inner));
    })
  );
}

function isMetByNothing({ leaves, below }: Demand): boolean {
  return leaves.every(({ rules }) => rules.some(isAbsent)) && below.every(({ demand }) => isMetByNothing(demand));
}

/** Whether each value that can stand at a place satisfies one of the rules. */
function holdOfAll(rules: Rules, shape: Shape): boolean {
  // Of what is no single value, rules see nothing.
  if (shape.is !== "leaf") return rules.some(isAbsent);
  const { domain } = shape;
  const holding = (value: unknown) => rules.filter((rule) => holds(rule, value));
  if (domain.all !== undefined) return domain.all.every((value) => holding(value).length > 0);
  if (
    domain.extremes !== undefined &&
    rules.some((rule) => isRange(rule) && domain.extremes!.every((value) => holds(rule, value)))
  )
    return true;
  // Of infinitely many texts, only a rule that asks for nothing is true of all.
  return choose(domain, [rules.filter(asksForNothing)]) !== undefined;
}

function holds(rule: unknown, value: unknown): boolean {
  const condition = leaf(rule, "");
  return condition !== "absent" && condition(value);
}

function isRange(rule: unknown): boolean {
  return isObject(rule) && Object.hasOwn(rule, "numeric");
}

function asksForNothing(rule: unknown): boolean {
  return isObject(rule) && (rule.exists === true || rule.prefix === "" || rule.suffix === "");
}

/** Where there is nothing, any shape does: nothing is asked of it. */
const none: Shape = { is: "fields", fields: {} };

function child(shape: Shape, key: string): { there: "always" | "perhaps" | "never"; shape: Shape } {
  const never = { there: "never", shape: none } as const;
  switch (shape.is) {
    case "fields":
      return Object.hasOwn(shape.fields, key) ? shape.fields[key]! : never;
    case "attributes": {
      if (Object.hasOwn(shape.keys, key)) return { there: "always", shape: shape.keys[key]! };
      return shape.others === undefined ? never : { there: "perhaps", shape: shape.others };
    }
    case "typed": {
      const types: Readonly<Record<string, Shape>> = shape.types;
      if (!Object.hasOwn(types, key)) return never;
      return { there: Object.keys(types).length === 1 ? "always" : "perhaps", shape: types[key]! };
    }
    default:
      // An element of a list may be of any type, and a list may be empty.
      return { there: "perhaps", shape: none };
  }
}
