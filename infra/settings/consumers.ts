import type { Problem } from "../kind.ts";
import type { Destination, ReadDestination } from "./destination.ts";
import { show } from "./explain.ts";
import { type FunctionSettings, functionSchema } from "./function.ts";
import { type MappingSettings, mappingSchema } from "./mapping.ts";

/** One function with its event source mapping, and the destinations that it feeds. */
export interface ConsumerSettings {
  readonly name: string;
  /** Event filter patterns as JSON text; none delivers every change. */
  readonly filters: readonly string[];
  readonly mapping: MappingSettings;
  readonly function: FunctionSettings;
  readonly destinations: readonly Destination[];
}

const groups = ["mapping", "function"] as const;

/** The consumers that the destinations ask for, in order of first mention; every destination must be free of problems. */
export function consumers(read: readonly ReadDestination[]): readonly ConsumerSettings[] {
  return [...byConsumer(read)].map(([name, members]) => ({
    name,
    filters: members[0]!.wishes.filters,
    mapping: mappingSchema.parse(Object.assign({}, ...members.map(({ wishes }) => wishes.mapping))),
    function: functionSchema.parse(Object.assign({}, ...members.map(({ wishes }) => wishes.function))),
    destinations: members.map(({ name, kind, settings }) => ({
      name,
      kind: kind!.name,
      definition: kind!.definition,
      settings,
    })),
  }));
}

/** Where destinations that share a consumer contradict each other. A setting may be said by one of them, or by several alike. */
export function disagreements(read: readonly ReadDestination[]): readonly Problem[] {
  return [...byConsumer(read)].flatMap(([consumer, members]) => [
    ...groups.flatMap((group) => conflictingSettings(group, consumer, members)),
    ...conflictingFilters(consumer, members),
  ]);
}

/** AWS designs a stream for two readers per shard: more may be throttled, which delays all of them. */
export function tooManyReaders(read: readonly ReadDestination[], limit: number): readonly Problem[] {
  const names = [...byConsumer(read).keys()];
  if (names.length <= limit) return [];
  const message = `${names.length} consumers (${names.join(", ")}) would read the stream, and maxReadersPerShard allows ${limit}; let destinations share one (\`consumer: ${names[0]}\`), or raise maxReadersPerShard if throttled reads are acceptable: AWS designs a stream for two readers`;
  return [{ path: "destinations", message }];
}

function conflictingSettings(
  group: (typeof groups)[number],
  consumer: string,
  members: readonly ReadDestination[],
): Problem[] {
  const said = new Map<string, { by: string; value: unknown }>();
  const problems: Problem[] = [];
  for (const { name, wishes } of members)
    for (const [key, value] of Object.entries(wishes[group])) {
      const first = said.get(key);
      if (first === undefined) said.set(key, { by: name, value });
      else if (JSON.stringify(first.value) !== JSON.stringify(value))
        problems.push({
          path: `destinations.${name}.${group}.${key}`,
          message: `${show(value)} contradicts ${show(first.value)} of destinations.${first.by}, which shares the consumer "${consumer}"; expected one value, said once`,
        });
    }
  return problems;
}

function conflictingFilters(consumer: string, members: readonly ReadDestination[]): Problem[] {
  const [first, ...others] = members;
  return others
    .filter(({ wishes }) => JSON.stringify(wishes.filters) !== JSON.stringify(first!.wishes.filters))
    .map(({ name }) => ({
      path: `destinations.${name}.filters`,
      message: `differs from the filters of destinations.${first!.name}, which shares the consumer "${consumer}"; expected the same filters, or another consumer`,
    }));
}

function byConsumer(read: readonly ReadDestination[]): Map<string, ReadDestination[]> {
  return Map.groupBy(read, ({ wishes }) => wishes.consumer);
}
