import type { Finding } from "../kind.ts";
import { missedDeletes, type StreamFacts, unfitFilters } from "../settings/unfit-filters.ts";
import type { ReadDestination } from "./destination.ts";
import { type SourceSettings, viewOf } from "./read-source.ts";

/**
 * What is wrong with the destinations' filters, given what the stream's records can be and what each kind needs of them.
 * Those that are no patterns are told of elsewhere.
 * @param source undefined where it is not known, because something is wrong with it
 */
export function filterFindings(
  destinations: readonly ReadDestination[],
  source: SourceSettings | undefined,
): readonly Finding[] {
  const facts = source === undefined ? {} : factsOf(source);
  return destinations.flatMap(({ name, kind, problems, request: { filters } }): readonly Finding[] => {
    const path = `destinations.${name}.filters`;
    if (problems.some((problem) => problem.path.startsWith(path))) return [];
    const { problems: unfit, warnings } = unfitFilters(filters, path, facts);
    const needs = kind?.definition.withoutDeletes;
    const missed = unfit.length > 0 || needs === undefined ? [] : missedDeletes(filters, path, facts, needs.effect);
    return [
      ...unfit.map((problem) => ({ ...problem, severity: "problem" as const })),
      ...warnings.map((problem) => ({ ...problem, severity: "warning" as const })),
      ...missed.map((problem) => ({ ...problem, severity: needs!.severity })),
    ];
  });
}

/** An adopted table's items may expire, whatever is known of it here. */
function factsOf(source: SourceSettings): StreamFacts {
  const view = viewOf(source);
  if ("adopt" in source) return { view, keys: keysOf(source.adopt) };
  return { view, keys: keysOf(source.create), expires: source.create.ttlAttribute !== undefined };
}

function keysOf<Key>({ hashKey, rangeKey }: { hashKey: Key; rangeKey?: Key | undefined }): readonly Key[] {
  return rangeKey === undefined ? [hashKey] : [hashKey, rangeKey];
}
