import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { isObject } from "../../infra/is-object.ts";
import { graph, Refused } from "./graph.ts";

type Values = Readonly<Record<string, unknown>>;

/**
 * What is wrong with the stack files of a project as far as they themselves show it: the lines with which the program would
 * refuse each, by the file's name. Whatever they name on AWS is taken to be there and to suit. A file that has no settings, or
 * leaves some of them to be decrypted or to an environment, says too little to be judged, and is left out.
 */
export async function mistakesOfStacks(root: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const project = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as { name: string; config?: unknown };
  const found = new Map<string, readonly string[]>();
  for (const file of globSync("Pulumi.*.yaml", { cwd: root }).toSorted()) {
    const stack = parse(readFileSync(join(root, file), "utf8")) ?? {};
    const declared = isObject(project.config) ? project.config : {};
    const config = qualified({ ...valuesOf(declared), ...(stack.config ?? {}) }, project.name);
    const settings = Object.entries(config).filter(([key]) => /:(source|destinations)$/.test(key));
    if (settings.length === 0 || "environment" in stack || isEncrypted(settingsOf(config, project.name))) continue;
    found.set(file, await refusalOf(project.name, withoutEncrypted(config)));
  }
  return found;
}

function valuesOf(declared: Values): Values {
  const values = Object.entries(declared).map(([key, one]) => [key, isObject(one) ? (one.value ?? one.default) : one]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function qualified(values: Values, project: string): Values {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key.includes(":") ? key : `${project}:${key}`, value]),
  );
}

function settingsOf(config: Values, project: string): Values {
  return Object.fromEntries(
    Object.entries(config).filter(([key]) => ["fanout", project].includes(key.slice(0, key.indexOf(":")))),
  );
}

function withoutEncrypted(config: Values): Values {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => !isEncrypted(value)));
}

function isEncrypted(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "secure" in value || Object.values(value).some(isEncrypted);
}

async function refusalOf(project: string, config: Values): Promise<readonly string[]> {
  try {
    await graph({ project, config, tables: Object.fromEntries(tableNames(config).map((name) => [name, suitable])) });
    return [];
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return error.message.split("\n");
  }
}

/** The tables that are to be adopted or to be written to. */
function tableNames(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === "tableName" && typeof part === "string" ? [part] : tableNames(part),
  );
}

/** A table that does for a source as well as for a replica. */
const suitable = {
  hashKey: "id",
  rangeKey: "",
  attributes: [{ name: "id", type: "S" }],
  streamEnabled: true,
  streamArn: "arn:aws:dynamodb:us-east-1:111122223333:table/any/stream/2026-01-01T00:00:00.000",
  streamViewType: "NEW_AND_OLD_IMAGES",
  replicas: [],
};
