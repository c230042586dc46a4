import { isObject } from "../is-object.ts";
import type { Rules } from "./values.ts";

/** What a pattern without `$or` asks of one value: one rule of each list must hold, and what is below must be met. */
export interface Demand {
  readonly leaves: readonly { readonly key: string; readonly rules: Rules }[];
  readonly below: readonly { readonly key: string; readonly demand: Demand }[];
}

const nothing: Demand = { leaves: [], below: [] };

/** So many combinations of alternatives are looked at. */
const mostCombinations = 1000;

/** A pattern whose `$or`s have more combinations than can be looked at. */
export class TooManyCombinations extends Error {
  override readonly name = "TooManyCombinations";
  constructor() {
    super(`the alternatives of its \`$or\`s have more than ${mostCombinations} combinations; expected fewer`);
  }
}

/**
 * The demands of a pattern that AWS accepts, one for each combination of the alternatives of its `$or`s: the pattern matches
 * what meets one of them.
 * @throws TooManyCombinations
 */
export function demandsOf(pattern: Readonly<Record<string, unknown>>): readonly Demand[] {
  return Object.entries(pattern).reduce<readonly Demand[]>(
    (all, [key, value]) => both(all, ofField(key, value)),
    [nothing],
  );
}

function ofField(key: string, value: unknown): readonly Demand[] {
  if (key === "$or") return objects(value).flatMap(demandsOf);
  if (Array.isArray(value)) return [{ leaves: [{ key, rules: value }], below: [] }];
  return objects([value]).flatMap((inner) =>
    demandsOf(inner).map((demand) => ({ leaves: [], below: [{ key, demand }] })),
  );
}

/** The objects in a list, such as the alternatives of an `$or`. */
export function objects(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function both(some: readonly Demand[], others: readonly Demand[]): readonly Demand[] {
  if (some.length * others.length > mostCombinations) throw new TooManyCombinations();
  return some.flatMap((one) =>
    others.map((other) => ({
      leaves: [...one.leaves, ...other.leaves],
      below: [...one.below, ...other.below],
    })),
  );
}

/** The lists that demands have for a field. */
export function listsFor(demands: readonly Demand[], key: string): readonly Rules[] {
  return demands.flatMap(({ leaves }) => leaves.filter((leaf) => leaf.key === key).map(({ rules }) => rules));
}

/** What demands ask of the value of a field. */
export function demandsFor(demands: readonly Demand[], key: string): readonly Demand[] {
  return demands.flatMap(({ below }) => below.filter((one) => one.key === key).map(({ demand }) => demand));
}

/** The fields that demands speak of. */
export function fieldsOf(demands: readonly Demand[]): readonly string[] {
  return [...new Set(demands.flatMap(({ leaves, below }) => [...leaves, ...below].map(({ key }) => key)))];
}
