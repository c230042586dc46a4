import { isObject } from "../is-object.ts";
import type { SourceInfo, StackInfo } from "../kind.ts";
import { type Checked, check, type Problem } from "../settings/check.ts";
import { type AdoptedTable, adopt } from "../settings/existing-table.ts";
import { allowed, jsonSchema } from "../settings/json-schema.ts";
import {
  existingTableSchema,
  type NewTable,
  newTableSchema,
  type StreamViewType,
  tableProblems,
} from "../settings/source.ts";

/** The source that a stack asks for: a table to make, or one that exists already. */
export type SourceSettings = { readonly create: NewTable } | { readonly adopt: AdoptedTable };

/** Checks `source`, and looks the table up if it is to be adopted. */
export async function readSource(raw: unknown, region: string | undefined): Promise<Checked<SourceSettings>> {
  if (isObject(raw) && "existing" in raw) return readExisting(raw, region);
  if (raw === undefined) return { problems: [noSource] };
  const table = check(newTableSchema, raw, "source");
  const problems = [
    "problems" in table ? table.problems : [],
    isObject(raw) ? tableProblems(raw, "source", region) : [],
  ].flat();
  return "value" in table && problems.length === 0 ? { value: { create: table.value } } : { problems };
}

const noSource: Problem = {
  path: "source",
  message: `is missing; expected \`fanout:source\` with ${allowed(jsonSchema(newTableSchema))}`,
};

/** An existing table. Without a Region it cannot be looked up: then there is neither a value nor a problem. */
async function readExisting(
  raw: Record<string, unknown>,
  region: string | undefined,
): Promise<Checked<SourceSettings>> {
  const beside = Object.keys(raw).filter((key) => key !== "existing");
  const problems: Problem[] = beside.map((key) => ({
    path: `source.${key}`,
    message: "says how to make a table, but `existing` adopts one as it is; expected one of the two",
  }));
  const checked = check(existingTableSchema, { existing: raw.existing }, "source");
  if ("problems" in checked) return { problems: [...problems, ...checked.problems] };
  if (region === undefined) return { problems };
  const found = await adopt(checked.value.existing.tableName, region, "source.existing.tableName");
  if ("message" in found) problems.push(found);
  return "message" in found || problems.length > 0 ? { problems } : { value: { adopt: found } };
}

/** The source's name as `source` gives it, checked or not. */
export function tableNameOf(raw: unknown): string | undefined {
  if (!isObject(raw)) return undefined;
  const { existing, name } = raw as { existing?: { tableName?: unknown }; name?: unknown };
  const tableName = existing?.tableName ?? name;
  return typeof tableName === "string" ? tableName : undefined;
}

/** What the stream's records carry besides the key. */
export function viewOf(source: SourceSettings): StreamViewType {
  return "adopt" in source ? source.adopt.view : source.create.streamViewType;
}

/** Where else the table is, if it is a global one. */
export function replicaRegionsOf(source: SourceSettings): readonly string[] {
  return "adopt" in source ? source.adopt.replicaRegions : [];
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
