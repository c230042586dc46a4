import type { Attributes, Fields, Leaf, List, Shape, Typed, TypeLetter } from "./attributes.ts";
import { type Demand, demandsFor, fieldsOf, listsFor } from "./demands.ts";
import { choose, isAbsent, type Rules } from "./values.ts";

/** Why no value can meet all demands on it. */
export class Conflict extends Error {
  override readonly name = "Conflict";
  /** Where it lies. */
  readonly path: string;

  constructor(path: string, reason: string) {
    super(reason);
    this.path = path;
  }
}

/** Attributes whose values are settled already, by name. */
type Settled = Readonly<Record<string, unknown>>;

/**
 * Builds the least that meets all demands: what they do not ask for is left out, as far as a record can be without it.
 * @param path where the value stands, for reasons
 * @throws Conflict
 */
export function buildFields({ fields }: Fields, demands: readonly Demand[], path: string, keys: Settled): object {
  for (const key of fieldsOf(demands)) if (!Object.hasOwn(fields, key)) refuse(demands, key, `${path}${key}`);
  const built = Object.entries(fields).flatMap(([key, { shape, there, why }]) => {
    const here = `${path}${key}`;
    const inner = demandsFor(demands, key);
    const lists = listsFor(demands, key);
    if (there === "never") {
      if (isNeeded(lists, inner)) throw new Conflict(here, why);
      return [];
    }
    return [[key, buildShape(shape, lists, inner, here, keys)]];
  });
  return Object.fromEntries(built);
}

function buildShape(
  shape: Shape,
  lists: readonly Rules[],
  demands: readonly Demand[],
  path: string,
  keys: Settled,
): unknown {
  if (shape.is === "leaf") return buildLeaf(shape, lists, path);
  if (lists.some((rules) => !rules.some(isAbsent))) throw new Conflict(path, `\`${path}\` is no single value`);
  if (shape.is === "fields") return buildFields(shape, demands, `${path}.`, keys);
  if (shape.is === "attributes") return buildAttributes(shape, demands, path, keys);
  if (shape.is === "list") return buildList(shape, demands, path);
  return buildTyped(shape, [], demands, path);
}

function buildLeaf({ domain, isSet }: Leaf, lists: readonly Rules[], path: string): unknown {
  if (lists.some((rules) => rules.every(isAbsent))) throw new Conflict(path, `\`${path}\` is there`);
  const one = (wanted: readonly Rules[]) => {
    const chosen = choose(domain, wanted);
    if (chosen === undefined) throw new Conflict(path, `\`${path}\` cannot be all that is asked of it`);
    return chosen.value;
  };
  if (!isSet) return one(lists);
  return [...new Set(lists.length === 0 ? [one([])] : lists.map((rules) => one([rules])))];
}

function buildAttributes(
  { keys, others }: Attributes,
  demands: readonly Demand[],
  path: string,
  settled: Settled,
): object {
  const built: Record<string, unknown> = {};
  for (const name of Object.keys(keys)) define(built, name, settled[name]);
  for (const name of fieldsOf(demands).filter((name) => !Object.hasOwn(keys, name))) {
    const inner = demandsFor(demands, name);
    const lists = listsFor(demands, name);
    const here = `${path}.${name}`;
    if (!isNeeded(lists, inner)) continue;
    if (others === undefined) throw new Conflict(here, `the key has no attribute \`${name}\``);
    define(built, name, buildTyped(others, lists, inner, here));
  }
  return built;
}

/** Sets a field of any name, `__proto__` too. */
function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true });
}

/** The value of an attribute that has to be there. */
export function buildTyped(typed: Typed, lists: readonly Rules[], demands: readonly Demand[], path: string): object {
  if (lists.some((rules) => !rules.some(isAbsent))) throw new Conflict(path, `\`${path}\` is no single value`);
  const needed = fieldsOf(demands).filter((letter) => isNeeded(listsFor(demands, letter), demandsFor(demands, letter)));
  const possible = Object.keys(typed.types) as TypeLetter[];
  // A key attribute must have some type, even if nothing asks for one: best one of which nothing is said.
  const unspoken = possible.find((letter) => listsFor(demands, letter).length === 0);
  const letter = (needed[0] ?? unspoken ?? possible[0]) as TypeLetter;
  if (needed.length > 1) throw new Conflict(path, `\`${path}\` has one type, not both ${needed[0]} and ${needed[1]}`);
  const shape = Object.hasOwn(typed.types, letter) ? typed.types[letter] : undefined;
  if (shape === undefined) throw new Conflict(path, `\`${path}\` is of type ${possible.join(" or ")}, not ${letter}`);
  const here = `${path}.${letter}`;
  return { [letter]: buildShape(shape, listsFor(demands, letter), demandsFor(demands, letter), here, {}) };
}

/** One element for each demand; where nothing but absence is demanded, one only if what the others need is in its way. */
function buildList({ of }: List, demands: readonly Demand[], path: string): unknown[] {
  const [needed, idle] = [demands.filter((one) => isNeeded([], [one])), demands.filter((one) => !isNeeded([], [one]))];
  const elements = needed.map((demand) => buildTyped(of, [], [demand], path));
  for (const demand of idle) {
    if (elements.some((element) => !isWithout(element, demand)))
      elements.push(buildTyped(of, [], [there(demand)], path));
  }
  return elements;
}

/** Whether a value has none of what a demand allows to be absent. */
function isWithout(value: unknown, { leaves, below }: Demand): boolean {
  if (Array.isArray(value)) return value.every((element) => isWithout(element, { leaves, below }));
  if (typeof value !== "object" || value === null) return true;
  const fields = value as Record<string, unknown>;
  const inner = (key: string) => (Object.hasOwn(fields, key) ? fields[key] : undefined);
  return (
    leaves.every(({ key }) => inner(key) === undefined) &&
    below.every(({ key, demand }) => isWithout(inner(key), demand))
  );
}

/** The same demand where absence is no way out. */
function there({ leaves, below }: Demand): Demand {
  return {
    leaves: leaves.map(({ key, rules }) => ({ key, rules: rules.filter((rule) => !isAbsent(rule)) })),
    below: below.map(({ key, demand }) => ({ key, demand: there(demand) })),
  };
}

function refuse(demands: readonly Demand[], key: string, path: string): void {
  if (isNeeded(listsFor(demands, key), demandsFor(demands, key))) throw new Conflict(path, `no record has \`${path}\``);
}

/** Whether something must be there for the demands to be met. */
function isNeeded(lists: readonly Rules[], demands: readonly Demand[]): boolean {
  return (
    lists.some((rules) => !rules.some(isAbsent)) ||
    demands.some(({ leaves, below }) =>
      isNeeded(
        leaves.map(({ rules }) => rules),
        below.map(({ demand }) => demand),
      ),
    )
  );
}
