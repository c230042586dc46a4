import { isObject } from "../is-object.ts";
import type { SourceInfo, StackInfo } from "../kind.ts";
import { type Checked, check, type Problem, show } from "../settings/check.ts";
import { type AdoptedTable, adopt } from "../settings/existing-table.ts";
import {
  existingTableSchema,
  type NewTable,
  newTableSchema,
  type StreamViewType,
  tableProblems,
  type Writes,
} from "../settings/source.ts";

/**
 * The source that a stack asks for: a table to make, or one that exists already. Where writes to it may come from is as the
 * stack says, or as the table's replicas show; absent where neither says anything.
 */
export type SourceSettings = { readonly create: NewTable } | { readonly adopt: AdoptedTable; readonly writes?: Writes };

/** Checks `source`, and looks the table up if it is to be adopted. */
export async function readSource(raw: unknown, region: string | undefined): Promise<Checked<SourceSettings>> {
  if (isObject(raw) && "existing" in raw) return readExisting(raw, region);
  const table = check(newTableSchema, raw, "source");
  const problems = [
    "problems" in table ? table.problems : [],
    isObject(raw) ? tableProblems(raw, "source", region) : [],
  ].flat();
  return "value" in table && problems.length === 0 ? { value: { create: table.value } } : { problems };
}

/** An existing table. Without a Region it cannot be looked up: then there is neither a value nor a problem. */
async function readExisting(
  raw: Record<string, unknown>,
  region: string | undefined,
): Promise<Checked<SourceSettings>> {
  const beside = Object.keys(raw).filter((key) => !Object.hasOwn(existingTableSchema.shape, key));
  const problems: Problem[] = beside.map((key) => ({
    path: `source.${key}`,
    message: "says how to make a table, but `existing` adopts one as it is; expected one of the two",
  }));
  const checked = check(existingTableSchema, without(raw, beside), "source");
  if ("problems" in checked) return { problems: [...problems, ...checked.problems] };
  if (region === undefined) return { problems };
  const found = await adopt(checked.value.existing.tableName, region, "source.existing.tableName");
  problems.push(...("message" in found ? [found] : notHere(found, checked.value.writes)));
  if ("message" in found || problems.length > 0) return { problems };
  const writes = checked.value.writes ?? (found.replicaRegions.length > 0 ? "anywhere" : undefined);
  return { value: { adopt: found, ...(writes === undefined ? {} : { writes }) } };
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

/** What kinds may know of the source before anything is created. */
export function sourceInfo(source: SourceSettings, stack: StackInfo, region: string): SourceInfo {
  const { hashKey, rangeKey } = "adopt" in source ? source.adopt : source.create;
  return {
    ...stack,
    region,
    hashKey,
    ...(rangeKey === undefined ? {} : { rangeKey }),
    replicaRegions: replicaRegionsOf(source),
  };
}
