import { isObject } from "../is-object.ts";
import type { SourceInfo, StackInfo } from "../kind.ts";
import { check, join, type Problem, problemsOf } from "../settings/check.ts";
import { type AdoptedTable, adopt } from "../settings/existing-table.ts";
import {
  existingTableSchema,
  type NewTable,
  newTableSchema,
  type StreamViewType,
  tableProblems,
} from "../settings/source.ts";
import { malformed, unlessMalformed, wellFormed } from "../settings/well-formed.ts";

/** The source that a stack asks for: a table to make, or one that exists already. */
export type SourceSettings = { readonly create: NewTable } | { readonly adopt: AdoptedTable };

/** What could be read of the source, and everything that is wrong with it. */
export interface ReadSource {
  readonly problems: readonly Problem[];
  /** The settings, of which some may be malformed; undefined where an existing table is not known. */
  readonly settings?: SourceSettings;
}

/** Checks `source`, and looks the table up if it is to be adopted. */
export async function readSource(raw: unknown, region: string | undefined): Promise<ReadSource> {
  if (isObject(raw) && "existing" in raw) return readExisting(raw, region);
  const table = check(newTableSchema, raw, "source");
  const problems = [...problemsOf(table), ...tableProblems(raw, "source", region)];
  return { problems, settings: { create: wellFormed(newTableSchema, raw) } };
}

/** An existing table. Without a Region it cannot be looked up: then there are neither settings nor a problem. */
async function readExisting(raw: Record<string, unknown>, region: string | undefined): Promise<ReadSource> {
  const existing = { existing: raw.existing };
  const problems: readonly Problem[] = [
    ...Object.keys(raw)
      .filter((key) => key !== "existing")
      .map((key) => ({
        path: join("source", [key]),
        message: "says how to make a table, but `existing` adopts one as it is; expected one of the two",
      })),
    ...problemsOf(check(existingTableSchema, existing, "source")),
  ];
  const name = unlessMalformed(() => wellFormed(existingTableSchema, existing).existing.tableName);
  if (region === undefined || name === undefined) return { problems };
  const found = await adopt(name, region, "source.existing.tableName");
  return "message" in found ? { problems: [...problems, found] } : { problems, settings: { adopt: found } };
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
