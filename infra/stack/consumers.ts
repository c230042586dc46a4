import { environmentBytes, mostEnvironmentBytes } from "../consumer/handler-settings.ts";
import { type Problem, show } from "../settings/check.ts";
import { type FunctionSettings, functionSchema } from "../settings/function.ts";
import { type MappingSettings, mappingSchema } from "../settings/mapping.ts";
import { unlessMalformed } from "../settings/well-formed.ts";
import type { Destination, ReadDestination } from "./destination.ts";
import { withoutLimit } from "./without-limit.ts";

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
export function consumers(destinations: readonly ReadDestination[]): readonly ConsumerSettings[] {
  return [...byConsumer(destinations)].map(([name, members]) => ({
    name,
    filters: members[0]!.request.filters,
    mapping: mappingSchema.parse(Object.assign({}, ...members.map(({ request }) => request.mapping))),
    function: functionSchema.parse(Object.assign({}, ...members.map(({ request }) => request.function))),
    destinations: members.map(({ name, kind, settings }) => ({
      name,
      kind: kind!.name,
      definition: kind!.definition,
      settings,
    })),
  }));
}

/** Where destinations that share a consumer contradict each other, and what is wrong with what they ask for together. A setting may be given by one of them, or by several with the same value. */
export function conflicts(destinations: readonly ReadDestination[]): readonly Problem[] {
  return [...byConsumer(destinations)].flatMap(([consumer, members]) => [
    ...groups.flatMap((group) => conflictingSettings(group, consumer, members)),
    ...conflictingFilters(consumer, members),
    ...forbiddenSharing(consumer, members),
    ...withoutLimit(consumer, members),
  ]);
}

/** Where more consumers would read the stream than the limit allows. What a way out is depends on which of them can share. */
export function tooManyReaders(
  destinations: readonly ReadDestination[],
  limit: number,
  isGlobalTable: boolean,
): readonly Problem[] {
  if (destinations.some(({ request }) => request.consumer === undefined)) return [];
  const all = [...byConsumer(destinations)];
  if (all.length <= limit) return [];
  const names = all.map(([name]) => name).join(", ");
  const sharable = all.filter(([, members]) => !members.some(reasonForOwnConsumer));
  const wayOut =
    sharable.length > 1 ? `let destinations share one (\`consumer: ${sharable[0]![0]}\`)` : "leave a destination out";
  const design = isGlobalTable ? "the stream of a global table for one reader" : "a stream for two readers";
  const message = `${all.length} consumers (${names}) would read the stream, and maxReadersPerShard allows ${limit}; ${wayOut}, or raise maxReadersPerShard if throttled reads are acceptable: AWS designs ${design}`;
  return [{ path: "destinations", message }];
}

/**
 * Where what a function must be told of its destinations could exceed what Lambda takes: the first that may not fit.
 * @param stack the logical name of the stack's component
 */
export function tooMuchToTell(destinations: readonly ReadDestination[], stack: string): readonly Problem[] {
  return [...byConsumer(destinations)].flatMap(([consumer, members]) => {
    const longest: Record<string, readonly number[]> = {};
    const bytes = members.map(({ name, kind, settings }) => {
      const late = settings === undefined ? [] : (kind?.definition.late?.(settings, `${stack}-${name}`) ?? []);
      if (late.length > 0) longest[name] = late;
      return environmentBytes(longest);
    });
    const fitting = bytes.filter((sum) => sum <= mostEnvironmentBytes).length;
    if (fitting === members.length) return [];
    const number = (value: number) => value.toLocaleString("en");
    const message = `the names of what "${consumer}" feeds (queues, streams, tables, buckets of ${members.length} destinations) may take ${number(bytes.at(-1)!)} bytes of its function's environment, and Lambda allows ${number(mostEnvironmentBytes)}: the first ${fitting} fit; expected another consumer for the others, or shorter names of destinations`;
    return [{ path: `destinations.${members[fitting]!.name}.consumer`, message }];
  });
}

function forbiddenSharing(consumer: string, members: readonly ReadDestination[]): Problem[] {
  if (members.length === 1) return [];
  return members.flatMap((member) => {
    const reason = reasonForOwnConsumer(member);
    if (reason === undefined) return [];
    const others = members.filter((other) => other !== member).map(({ name }) => `destinations.${name}`);
    const message = `"${consumer}" also feeds ${others.join(", ")}: ${reason}`;
    return [{ path: `destinations.${member.name}.consumer`, message }];
  });
}

function reasonForOwnConsumer({ kind, settings }: ReadDestination): string | undefined {
  return settings === undefined ? undefined : kind?.definition.needsOwnConsumer?.(settings);
}

function conflictingSettings(
  group: (typeof groups)[number],
  consumer: string,
  members: readonly ReadDestination[],
): Problem[] {
  const values = new Map<string, { by: string; value: unknown }>();
  const problems: Problem[] = [];
  for (const { name, request } of members)
    for (const key of Object.keys(request[group])) {
      const value = unlessMalformed(() => request[group][key]);
      if (value === undefined) continue;
      const first = values.get(key);
      if (first === undefined) values.set(key, { by: name, value });
      else if (first.value !== value)
        problems.push({
          path: `destinations.${name}.${group}.${key}`,
          message: `${show(value)} contradicts ${show(first.value)} of destinations.${first.by}, which shares the consumer "${consumer}"; expected one value, said once`,
        });
    }
  return problems;
}

function conflictingFilters(consumer: string, members: readonly ReadDestination[]): Problem[] {
  const texts = members.flatMap(({ name, request }) => {
    const text = unlessMalformed(() => JSON.stringify(request.filters));
    return text === undefined ? [] : { name, text };
  });
  const [first, ...others] = texts;
  return others
    .filter(({ text }) => text !== first!.text)
    .map(({ name }) => ({
      path: `destinations.${name}.filters`,
      message: `differs from the filters of destinations.${first!.name}, which shares the consumer "${consumer}"; expected the same filters, or another consumer`,
    }));
}

/** Destinations by the consumer that feeds them; without those that do not say which in words. */
function byConsumer(destinations: readonly ReadDestination[]): Map<string, ReadDestination[]> {
  const named = destinations.flatMap((destination) => {
    const { consumer } = destination.request;
    return consumer === undefined ? [] : { consumer, destination };
  });
  const groups = Map.groupBy(named, ({ consumer }) => consumer);
  return new Map([...groups].map(([consumer, members]) => [consumer, members.map(({ destination }) => destination)]));
}
