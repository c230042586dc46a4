import { isAlwaysMet } from "./always.ts";
import { type Demand, demandsOf } from "./demands.ts";
import { formsOf, type RecordForm, recordShape, type StreamFacts } from "./record.ts";
import { witnessOf } from "./witness.ts";

type Pattern = Readonly<Record<string, unknown>>;

/**
 * Which deletes the patterns keep from a destination that gets other changes of the same items: all, some, or none of them.
 * A delete is let through for certain if no more is asked of it than of its key, and that is asked of the other changes too.
 * @param patterns such as AWS accepts; without any, every change is delivered
 * @throws TooManyCombinations
 */
export function droppedDeletes(patterns: readonly Pattern[], facts: StreamFacts): "all" | "some" | "none" {
  if (patterns.length === 0) return "none";
  const forms = Object.groupBy(formsOf(facts), ({ change }) => (isDelete(change) ? "deletes" : "puts"));
  const { deletes = [], puts = [] } = forms;
  const demands = patterns.flatMap(demandsOf);
  const matching = (some: readonly RecordForm[]) =>
    demands.filter((demand) => some.some((form) => "record" in witnessOf(demand, form, facts)));
  const put = matching(puts);
  if (put.length === 0) return "none";
  if (matching(deletes).length === 0) return "all";
  const complete = demands.filter((demand) =>
    deletes.every((form) => isAlwaysMet(exceptKeys(demand, facts), recordShape(facts, form))),
  );
  const isCovered = (one: Demand) =>
    complete.some((other) => asksNoMore(rulesOnKeys(other, facts, ["Keys", "OldImage"]), rulesOnKeys(one, facts)));
  return put.every(isCovered) ? "none" : "some";
}

function isDelete(change: RecordForm["change"]): boolean {
  return change === "REMOVE" || change === "expiry";
}

const holders = ["Keys", "NewImage", "OldImage"];

/** Whether an attribute is one of the key, of which `Keys` has no others. */
function isKey(holder: string, name: string, { keys }: StreamFacts): boolean {
  return keys === undefined ? holder === "Keys" : keys.some((key) => key.name === name);
}

/** A demand without what it asks of the key, as a delete has it: in `Keys` and in the old image. */
function exceptKeys(demand: Demand, facts: StreamFacts): Demand {
  return mapBelow(demand, "dynamodb", (inner) =>
    ["Keys", "OldImage"].reduce(
      (all, holder) =>
        mapBelow(all, holder, (item) => ({
          leaves: item.leaves,
          below: item.below.filter(({ key }) => !isKey(holder, key, facts)),
        })),
      inner,
    ),
  );
}

function mapBelow({ leaves, below }: Demand, key: string, map: (demand: Demand) => Demand): Demand {
  return { leaves, below: below.map((one) => (one.key === key ? { key, demand: map(one.demand) } : one)) };
}

/** What is asked of the key: lists of rules, as text, by attribute and type. */
type KeyRules = readonly { readonly place: string; readonly rules: readonly string[] }[];

function rulesOnKeys(demand: Demand, facts: StreamFacts, where: readonly string[] = holders): KeyRules {
  const items = below(below([{ key: "", demand }], "dynamodb"), ...where);
  return items.flatMap(({ key: holder, demand: item }) =>
    item.below
      .filter(({ key }) => isKey(holder, key, facts))
      .flatMap(({ key: name, demand: { leaves } }) =>
        leaves.map(({ key: letter, rules }) => ({
          place: JSON.stringify([name, letter]),
          rules: rules.map((rule) => JSON.stringify(rule)),
        })),
      ),
  );
}

function below(some: Demand["below"], ...keys: readonly string[]): Demand["below"] {
  return some.flatMap(({ demand }) => demand.below.filter(({ key }) => keys.includes(key)));
}

/** Whether every key that satisfies the others satisfies these too; of the same place, fewer alternatives ask for more. */
function asksNoMore(these: KeyRules, others: KeyRules): boolean {
  return these.every(({ place, rules }) =>
    others.some((other) => other.place === place && other.rules.every((rule) => rules.includes(rule))),
  );
}
