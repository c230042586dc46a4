import { z } from "zod";
import { isObject } from "../is-object.ts";
import type { Kind, StackInfo } from "../kind.ts";
import { kinds } from "../kinds.ts";
import { check, join, type Problem, problemsOf, show, suggest } from "../settings/check.ts";
import { filtersSchema, readFilters } from "../settings/filters.ts";
import { functionSchema } from "../settings/function.ts";
import { allowed, jsonSchema } from "../settings/json-schema.ts";
import { mappingSchema } from "../settings/mapping.ts";
import { given, malformed, wellFormed } from "../settings/well-formed.ts";
import { tolerant } from "./tolerant-kind.ts";

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

/** What a destination asks of its consumer, before defaults. Reading a malformed part ends the check that does so. */
interface ConsumerRequest {
  /** The consumer's name; undefined where what is given is no name at all. */
  readonly consumer: string | undefined;
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
  /** The kind's settings, of which some may be malformed; undefined where the kind is not known. */
  readonly settings?: unknown;
  readonly request: ConsumerRequest;
}

/** Checks one entry of `destinations`. */
export function readDestination(name: string, raw: unknown, stack: StackInfo): ReadDestination {
  const path = join("destinations", [name]);
  const misnamed = nameProblems(name, path);
  if (!isObject(raw)) {
    const message = `${show(raw)} is not allowed; expected settings (${commonKeys.join(", ")} and the kind's own)`;
    const request = { consumer: name, filters: [], mapping: {}, function: {} };
    return { name, problems: [...misnamed, { path, message }], request };
  }
  const [common, own] = [true, false].map((isCommon) =>
    Object.fromEntries(Object.entries(raw).filter(([key]) => commonKeys.includes(key) === isCommon)),
  );
  const checked = check(commonSchema, common, path);
  const filters = readFilters(Array.isArray(raw.filters) ? raw.filters : [], `${path}.filters`);
  const problems = [...misnamed, ...problemsOf(checked), ...filters.problems];
  const areFiltersWellFormed = filters.problems.length === 0 && filtersSchema.optional().safeParse(raw.filters).success;
  const request: ConsumerRequest = {
    consumer: raw.consumer === undefined ? name : typeof raw.consumer === "string" ? raw.consumer : undefined,
    get filters() {
      return areFiltersWellFormed ? filters.patterns : malformed();
    },
    mapping: given(mappingSchema, raw.mapping),
    function: given(functionSchema, raw.function),
  };
  const definition = kindNamed(raw.kind);
  if (definition === undefined) {
    const message = unknownKind(raw.kind, Object.keys(kinds));
    return { name, problems: [...problems, { path: `${path}.kind`, message }], request };
  }
  const kind = { name: String(raw.kind), definition: tolerant(definition) };
  const settings = wellFormed(definition.schema, own);
  const ofKind = [
    ...problemsOf(check(definition.schema, own, path, { elsewhere })),
    ...(kind.definition.problems?.(settings, stack) ?? []).map((problem) => ({
      path: problem.path === "" ? path : `${path}.${problem.path}`,
      message: problem.message,
    })),
  ];
  return { name, problems: [...problems, ...ofKind], kind, settings, request };
}

function nameProblems(name: string, path: string): readonly Problem[] {
  if (nameSchema.safeParse(name).success) return [];
  return [{ path, message: `${show(name)} is not allowed as a name; expected ${allowed(jsonSchema(nameSchema))}` }];
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
