import type { Finding } from "../kind.ts";
import type { Key } from "../settings/existing-table.ts";
import { missedDeletes, type StreamFacts, unfitFilters } from "../settings/unfit-filters.ts";
import { unlessMalformed } from "../settings/well-formed.ts";
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
  return destinations.flatMap((destination) => unlessMalformed(() => findingsOf(destination, facts)) ?? []);
}

function findingsOf({ name, kind, request: { filters } }: ReadDestination, facts: StreamFacts): readonly Finding[] {
  const path = `destinations.${name}.filters`;
  const { problems: unfit, warnings } = unfitFilters(filters, path, facts);
  const needs = kind?.definition.withoutDeletes;
  const missed = unfit.length > 0 || needs === undefined ? [] : missedDeletes(filters, path, facts, needs.effect);
  return [
    ...unfit.map((problem) => ({ ...problem, severity: "problem" as const })),
    ...warnings.map((problem) => ({ ...problem, severity: "warning" as const })),
    ...missed.map((problem) => ({ ...problem, severity: needs!.severity })),
  ];
}

/** What is known of the stream. An adopted table's items may expire, whatever is known of it here. */
function factsOf(source: SourceSettings): StreamFacts {
  const view = unlessMalformed(() => viewOf(source));
  const keys = unlessMalformed(() => keysOf("adopt" in source ? source.adopt : source.create));
  const expires = unlessMalformed(() => "adopt" in source || source.create.ttlAttribute !== undefined);
  return {
    ...(view === undefined ? {} : { view }),
    ...(keys === undefined ? {} : { keys }),
    ...(expires === false ? { expires } : {}),
  };
}

function keysOf({ hashKey, rangeKey }: { readonly hashKey: Key; readonly rangeKey?: Key | undefined }): readonly Key[] {
  return [hashKey, rangeKey].flatMap((key) => (key === undefined ? [] : { name: key.name, type: key.type }));
}
