import type { Destination, ReadDestination } from "./destination.ts";
import { show } from "./explain.ts";
import { type FunctionSettings, functionSchema } from "./function.ts";
import { type MappingSettings, mappingSchema } from "./mapping.ts";
import type { Problem } from "./problem.ts";

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
    ...unwillingToShare(consumer, members),
  ]);
}

/** Where more consumers would read the stream than the limit allows. What a way out is depends on which of them can share. */
export function tooManyReaders(
  read: readonly ReadDestination[],
  limit: number,
  isGlobalTable: boolean,
): readonly Problem[] {
  const all = [...byConsumer(read)];
  if (all.length <= limit) return [];
  const names = all.map(([name]) => name).join(", ");
  const sharable = all.filter(([, members]) => !members.some(aloneBecause));
  const wayOut =
    sharable.length > 1 ? `let destinations share one (\`consumer: ${sharable[0]![0]}\`)` : "leave a destination out";
  const design = isGlobalTable ? "the stream of a global table for one reader" : "a stream for two readers";
  const message = `${all.length} consumers (${names}) would read the stream, and maxReadersPerShard allows ${limit}; ${wayOut}, or raise maxReadersPerShard if throttled reads are acceptable: AWS designs ${design}`;
  return [{ path: "destinations", message }];
}

/** Where two destinations would have the same thing, such as a table to append to. */
export function sharedClaims(read: readonly ReadDestination[]): readonly Problem[] {
  const claimed = new Map<string, string>();
  return read.flatMap(({ name, kind, settings }) => {
    const claim = settings === undefined ? undefined : kind?.definition.claim?.(settings, name);
    if (claim === undefined) return [];
    const first = claimed.get(claim);
    if (first === undefined) claimed.set(claim, name);
    return first === undefined
      ? []
      : [
          {
            path: `destinations.${name}`,
            message: `would share ${claim} with destinations.${first}; expected one of its own`,
          },
        ];
  });
}

function unwillingToShare(consumer: string, members: readonly ReadDestination[]): Problem[] {
  if (members.length === 1) return [];
  return members.flatMap((member) => {
    const reason = aloneBecause(member);
    if (reason === undefined) return [];
    const others = members.filter((other) => other !== member).map(({ name }) => `destinations.${name}`);
    const message = `"${consumer}" also feeds ${others.join(", ")}: ${reason}`;
    return [{ path: `destinations.${member.name}.consumer`, message }];
  });
}

function aloneBecause({ kind, settings }: ReadDestination): string | undefined {
  return settings === undefined ? undefined : kind?.definition.needsOwnConsumer?.(settings);
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
