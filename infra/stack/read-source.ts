import { isObject } from "../is-object.ts";
import type { SourceInfo, StackInfo } from "../kind.ts";
import { check, join, type Problem, problemsOf, show } from "../settings/check.ts";
import { type AdoptedTable, adopt } from "../settings/existing-table.ts";
import { allowed, jsonSchema } from "../settings/json-schema.ts";
import {
  existingTableSchema,
  type NewTable,
  newTableSchema,
  type StreamViewType,
  tableProblems,
  type Writes,
} from "../settings/source.ts";
import { malformed, unlessMalformed, wellFormed } from "../settings/well-formed.ts";

/**
 * The source that a stack asks for: a table to make, or one that exists already. Where writes to it may come from is as the
 * stack says, or as the table's replicas show; undefined where neither says anything.
 */
export type SourceSettings =
  | { readonly create: NewTable }
  | { readonly adopt: AdoptedTable; readonly writes: Writes | undefined };

/** What could be read of the source, and everything that is wrong with it. */
export interface ReadSource {
  readonly problems: readonly Problem[];
  /** The settings, of which some may be malformed; undefined where an existing table is not known. */
  readonly settings?: SourceSettings;
}

/** Checks `source`, and looks the table up if it is to be adopted. */
export async function readSource(raw: unknown, region: string | undefined): Promise<ReadSource> {
  if (isObject(raw) && "existing" in raw) return readExisting(raw, region);
  if (raw === undefined) return { problems: [noSource] };
  const table = check(newTableSchema, raw, "source");
  const problems = [...problemsOf(table), ...tableProblems(raw, "source", region)];
  return { problems, settings: { create: wellFormed(newTableSchema, raw) } };
}

const noSource: Problem = {
  path: "source",
  message: `is missing; expected \`fanout:source\` with ${allowed(jsonSchema(newTableSchema))}`,
};

/** An existing table. Without a Region it cannot be looked up: then there are neither settings nor a problem. */
async function readExisting(raw: Record<string, unknown>, region: string | undefined): Promise<ReadSource> {
  const beside = Object.keys(raw).filter((key) => !Object.hasOwn(existingTableSchema.shape, key));
  const own = without(raw, beside);
  const problems: readonly Problem[] = [
    ...beside.map((key) => ({
      path: join("source", [key]),
      message: "says how to make a table, but `existing` adopts one as it is; expected one of the two",
    })),
    ...problemsOf(check(existingTableSchema, own, "source")),
  ];
  const readable = wellFormed(existingTableSchema, own);
  const name = unlessMalformed(() => readable.existing.tableName);
  if (region === undefined || name === undefined) return { problems };
  const found = await adopt(name, region, "source.existing.tableName");
  if ("message" in found) return { problems: [...problems, found] };
  const settings: SourceSettings = {
    adopt: found,
    get writes() {
      return readable.writes ?? (found.replicaRegions.length > 0 ? "anywhere" : undefined);
    },
  };
  return { problems: [...problems, ...(unlessMalformed(() => notHere(found, readable.writes)) ?? [])], settings };
}

/** Time to live deletes in every Region of a global table, whoever writes to it. */
function notHere({ tableName, replicaRegions, ttlAttribute }: AdoptedTable, writes: Writes | undefined): Problem[] {
  if (writes !== "here" || replicaRegions.length === 0 || ttlAttribute === undefined) return [];
  const message = `"${tableName}" is also in ${replicaRegions.join(", ")}, and its time to live, which is on, deletes there too; expected anywhere`;
  return [{ path: "source.writes", message }];
}

function without(raw: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(raw).filter(([key]) => !keys.includes(key)));
}

/** The source's name as `source` gives it, checked or not. */
export function tableNameOf(raw: unknown): string | undefined {
  if (!isObject(raw)) return undefined;
  const { existing, name } = raw as { existing?: { tableName?: unknown }; name?: unknown };
  const tableName = existing?.tableName ?? name;
  return typeof tableName === "string" ? tableName : undefined;
}

/** An attribute that has a role in the source, and how a line about it begins. */
interface AttributeRole {
  /** Where the configuration names the attribute, or the table that has it. */
  readonly path: string;
  readonly attribute: string;
  /** The attribute and its role, as the subject of a sentence. */
  readonly subject: string;
  /** What else the path could name. */
  readonly other: string;
}

/** The attributes that have a role in the source: its keys, and the one of its time to live. */
export function attributeRoles(source: SourceSettings): readonly AttributeRole[] {
  const { hashKey, rangeKey, ttlAttribute } = "adopt" in source ? source.adopt : source.create;
  const roles = [
    ["hashKey.name", "hash key", hashKey.name],
    ["rangeKey.name", "sort key", rangeKey?.name],
    ["ttlAttribute", "time to live", ttlAttribute],
  ] as const;
  return roles.flatMap(([setting, role, attribute]) => {
    if (attribute === undefined) return [];
    if ("create" in source)
      return { path: `source.${setting}`, attribute, subject: show(attribute), other: "another name" };
    const subject = `the ${role} of ${show(source.adopt.tableName)} is ${show(attribute)}, which`;
    return { path: "source.existing.tableName", attribute, subject, other: "another table" };
  });
}

/** What the stream's records carry besides the key. */
export function viewOf(source: SourceSettings): StreamViewType {
  return "adopt" in source ? source.adopt.view : source.create.streamViewType;
}

/** Where else the table is, if it is a global one. */
function replicaRegionsOf(source: SourceSettings): readonly string[] {
  return "adopt" in source ? source.adopt.replicaRegions : [];
}

/** Whether the table is a global one, as far as is known. */
export function isGlobal(source: SourceSettings): boolean {
  const { writes } = "adopt" in source ? source : source.create;
  return replicaRegionsOf(source).length > 0 || writes === "anywhere";
}

/** What kinds may know of the source before anything is created; asking for what is malformed or unknown ends the question. */
export function sourceInfo({ settings }: ReadSource, stack: StackInfo, region: string): SourceInfo {
  const table = () => (settings === undefined ? malformed() : "adopt" in settings ? settings.adopt : settings.create);
  return {
    ...stack,
    region,
    get hashKey() {
      return table().hashKey;
    },
    get rangeKey() {
      return table().rangeKey;
    },
    get replicaRegions() {
      return settings === undefined ? malformed() : replicaRegionsOf(settings);
    },
  };
}
