import { z } from "zod";
import { isObject } from "../is-object.ts";
import type { Kind, StackInfo } from "../kind.ts";
import { kinds } from "../kinds.ts";
import { check, type Problem, show, suggest } from "../settings/check.ts";
import { filtersSchema, readFilters } from "../settings/filters.ts";
import { functionSchema } from "../settings/function.ts";
import { allowed, jsonSchema } from "../settings/json-schema.ts";
import { mappingSchema } from "../settings/mapping.ts";

/** Names of destinations and consumers. Names in AWS are made of them, and the longest, a role's, has no room for more. */
const nameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,29}$/)
  .meta({ allowed: "1 to 30 lower-case letters, digits and `-`, beginning with a letter" });

/** What every destination may set, of any kind. */
export const commonSchema = z.object({
  consumer: nameSchema
    .optional()
    .describe(
      "The consumer that feeds the destination; its own, named like it, unless said otherwise. Destinations that name the same one share a function and a mapping, and so one reader of the stream; a FIFO queue needs its own. Another name makes a new mapping, which delivers up to 24 hours of changes again.",
    ),
  filters: filtersSchema.optional(),
  mapping: mappingSchema.optional(),
  function: functionSchema.optional(),
});

const commonKeys = ["kind", ...Object.keys(commonSchema.shape)];
const elsewhere = [
  ...commonKeys,
  ...Object.keys(mappingSchema.shape).map((key) => `mapping.${key}`),
  ...Object.keys(functionSchema.shape).map((key) => `function.${key}`),
];

/** One destination as the stack asks for it, checked. */
export interface Destination {
  readonly name: string;
  /** Name of its kind, which is also the name of its handler's module. */
  readonly kind: string;
  /** What its kind is. */
  readonly definition: Kind;
  /** Its kind's own settings, defaults applied. */
  readonly settings: unknown;
}

/** What a destination asks of its consumer, before defaults. */
interface ConsumerRequest {
  readonly consumer: string;
  readonly filters: readonly string[];
  readonly mapping: Readonly<Record<string, unknown>>;
  readonly function: Readonly<Record<string, unknown>>;
}

/** What could be read of a destination, and everything that is wrong with it. */
export interface ReadDestination {
  readonly name: string;
  readonly problems: readonly Problem[];
  /** The kind's name and definition, where the kind is a known one. */
  readonly kind?: { readonly name: string; readonly definition: Kind };
  /** The kind's settings, where nothing is wrong with them. */
  readonly settings?: unknown;
  readonly request: ConsumerRequest;
}

/** Checks one entry of `destinations`. */
export function readDestination(name: string, raw: unknown, stack: StackInfo): ReadDestination {
  const path = `destinations.${name}`;
  const problems: Problem[] = [];
  if (!nameSchema.safeParse(name).success)
    problems.push({
      path,
      message: `${show(name)} is not allowed as a name; expected ${allowed(jsonSchema(nameSchema))}`,
    });
  if (!isObject(raw)) {
    problems.push({
      path,
      message: `${show(raw)} is not allowed; expected settings (${commonKeys.join(", ")} and the kind's own)`,
    });
    return { name, problems, request: { consumer: name, filters: [], mapping: {}, function: {} } };
  }
  const common = Object.fromEntries(Object.entries(raw).filter(([key]) => commonKeys.includes(key)));
  const own = Object.fromEntries(Object.entries(raw).filter(([key]) => !commonKeys.includes(key)));
  const checked = check(commonSchema, common, path);
  const filters = filtersSchema.safeParse(raw.filters ?? []);
  const read = readFilters(filters.success ? filters.data : [], `${path}.filters`);
  if ("problems" in checked) problems.push(...checked.problems);
  problems.push(...read.problems, ...unbounded(raw.mapping, `${path}.mapping`));
  const request: ConsumerRequest = {
    consumer: typeof raw.consumer === "string" ? raw.consumer : name,
    filters: read.patterns,
    mapping: isObject(raw.mapping) ? raw.mapping : {},
    function: isObject(raw.function) ? raw.function : {},
  };
  const definition = kindNamed(raw.kind);
  if (definition === undefined) {
    problems.push({ path: `${path}.kind`, message: unknownKind(raw.kind, Object.keys(kinds)) });
    return { name, problems, request };
  }
  const kind = { name: String(raw.kind), definition };
  const settings = check(definition.schema, own, path, { elsewhere });
  if ("problems" in settings) return { name, problems: [...problems, ...settings.problems], kind, request };
  for (const problem of definition.problems?.(settings.value, stack) ?? [])
    problems.push({ path: problem.path === "" ? path : `${path}.${problem.path}`, message: problem.message });
  return { name, problems, kind, settings: settings.value, request };
}

/** Without any limit, one bad record would hold its shard until the stream trims it, and would then be lost without a trace. */
function unbounded(mapping: unknown, path: string): Problem[] {
  if (!isObject(mapping) || mapping.maximumRetryAttempts !== -1 || mapping.maximumRecordAgeInSeconds !== -1) return [];
  const message =
    "retries and record age are both without limit, so a record that always fails would hold its shard for a day and then be lost; expected a limit for one of maximumRetryAttempts, maximumRecordAgeInSeconds";
  return [{ path, message }];
}

function kindNamed(name: unknown): Kind | undefined {
  const byName: Readonly<Record<string, Kind>> = kinds;
  return typeof name === "string" && Object.hasOwn(byName, name) ? byName[name] : undefined;
}

function unknownKind(kind: unknown, known: readonly string[]): string {
  const expected = `expected one of ${known.join(", ")}`;
  if (kind === undefined) return `is missing; ${expected}`;
  const meant = typeof kind === "string" ? suggest(kind, known) : undefined;
  return `${show(kind)} is not a kind; ${meant === undefined ? expected : `did you mean \`${meant}\`? ${expected}`}`;
}
