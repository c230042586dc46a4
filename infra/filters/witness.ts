import type { Attributes, Fields } from "./attributes.ts";
import { buildFields, buildTyped, Conflict } from "./build.ts";
import { type Demand, demandsFor, demandsOf, fieldsOf, listsFor } from "./demands.ts";
import { compilePattern } from "./pattern.ts";
import { formsOf, type KeyAttribute, type RecordForm, recordShape, type StreamFacts } from "./record.ts";

/** A record that a stream can have and that meets a demand, or why there is none. */
type Witness = { readonly record: object } | { readonly conflict: Conflict };

/**
 * Says whether a record that the stream can have matches a pattern: undefined if one does, or else the reasons why none
 * can. It builds such a record, for each form of records and each combination of alternatives, and counts it only if the
 * matcher agrees.
 * @param pattern one that AWS accepts
 * @throws TooManyCombinations
 */
export function whyNoneMatches(
  pattern: Readonly<Record<string, unknown>>,
  facts: StreamFacts,
): readonly string[] | undefined {
  const matches = compilePattern(JSON.stringify(pattern));
  const demands = demandsOf(pattern);
  const conflicts: Conflict[] = [];
  for (const form of formsOf(facts))
    for (const demand of demands) {
      const found = witnessOf(demand, form, facts);
      if ("conflict" in found) conflicts.push(found.conflict);
      else if (matches(found.record)) return undefined;
      else conflicts.push(new Conflict("", "what must not exist is needed elsewhere in the pattern"));
    }
  const telling = conflicts.filter(({ path }) => !unhelpful.has(path));
  const shown = telling.length > 0 ? telling : conflicts;
  return [...new Set(shown.map(({ message }) => message))];
}

/** That a record tells of another change, or is of another view, says little as long as there is another reason. */
const unhelpful = new Set(["eventName", "dynamodb.StreamViewType"]);

/**
 * Builds the least record of a form that meets a demand. If the least is not enough, nothing is, since what is added can
 * only break an `exists: false`.
 */
export function witnessOf(demand: Demand, form: RecordForm, facts: StreamFacts): Witness {
  try {
    return { record: build(demand, form, facts) };
  } catch (error) {
    if (error instanceof Conflict) return { conflict: error };
    throw error;
  }
}

function build(demand: Demand, form: RecordForm, facts: StreamFacts): object {
  const inner = demandsFor([demand], "dynamodb");
  const keyNames = facts.keys ?? keysSpokenOf(inner);
  const shape = recordShape({ ...facts, keys: keyNames }, form);
  const parts = (shape.fields.dynamodb!.shape as Fields).fields;
  // The same values stand in the key and in the images.
  const holders = ["Keys", "NewImage", "OldImage"].filter((name) => parts[name]!.there === "always");
  const onItem = holders.flatMap((name) => demandsFor(inner, name));
  const settled = Object.entries((parts.Keys!.shape as Attributes).keys).map(([name, typed]) => [
    name,
    buildTyped(typed, listsFor(onItem, name), demandsFor(onItem, name), `dynamodb.Keys.${name}`),
  ]);
  return buildFields(shape, [demand], "", Object.fromEntries(settled));
}

/** The key of a table that is not known, as far as a pattern speaks of it; otherwise a name that this one does not have. */
function keysSpokenOf(demands: readonly Demand[]): readonly KeyAttribute[] {
  const names = fieldsOf(demandsFor(demands, "Keys"));
  if (names.length > 2) throw new Conflict("dynamodb.Keys", "a key has two attributes at most");
  if (names.length > 0) return names.map((name) => ({ name }));
  const spokenOf = ["NewImage", "OldImage"].flatMap((name) => fieldsOf(demandsFor(demands, name)));
  return [{ name: `key${"_".repeat(Math.max(0, ...spokenOf.map((name) => name.length)))}` }];
}
