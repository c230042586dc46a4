import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { SourceFacts, Stack } from "./kind.ts";
import { kinds as allKinds } from "./kinds.ts";
import { type AdoptedTable, adopt, changeView } from "./settings/adopt.ts";
import { type AlarmSettings, alarmProblems, alarmsSchema } from "./settings/alarms.ts";
import { type ConsumerSettings, consumers, disagreements, sharedClaims, tooManyReaders } from "./settings/consumers.ts";
import { type Kinds, type ReadDestination, readDestination } from "./settings/destination.ts";
import { type Checked, check, show } from "./settings/explain.ts";
import { inspect } from "./settings/inspect.ts";
import { isObject } from "./settings/is-object.ts";
import type { Problem } from "./settings/problem.ts";
import { existingTableSchema, type NewTable, newTableSchema, tableProblems } from "./settings/source.ts";
import { suggest } from "./settings/suggest.ts";
import type { StreamViewType } from "./stream-view-type.ts";

/** How many consumers may read the stream, unless the stack says so: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html. */
const designedReaders = { table: 2, globalTable: 1 };

/** How many consumers may read the stream. */
export const maxReadersSchema = z
  .int()
  .min(1)
  .optional()
  .meta({ default: designedReaders.table })
  .describe(
    "Consumers that may read the stream. AWS designs a stream for two readers per shard, and for one with a global table, where the default is 1; more may be throttled, which delays all of them.",
  );

/** A stack's configuration, checked, with every default applied. */
export interface Settings {
  readonly source: { readonly create: NewTable } | { readonly adopt: AdoptedTable };
  readonly consumers: readonly ConsumerSettings[];
  readonly alarms: AlarmSettings;
}

const known = ["source", "maxReadersPerShard", "destinations", "alarms"];

/**
 * Reads a stack's configuration, and looks an adopted table up. Nothing has been created when it throws: one
 * `RunError` with a line for every problem, which says where it is, what is wrong and what is allowed.
 */
export async function readSettings(config: pulumi.Config, kinds: Kinds = allKinds): Promise<Settings> {
  const raw = Object.fromEntries(known.map((key) => [key, parsed(config.get(key))]));
  const region = aws.config.region;
  const problems: Problem[] = [...(region === undefined ? [noRegion] : []), ...unknownKeys(config)];
  const source = await readSource(raw.source, region);
  const readers = check(maxReadersSchema, raw.maxReadersPerShard, "maxReadersPerShard");
  const tableName = isObject(raw.source) ? nameOf(raw.source) : undefined;
  const stack = { ...(region === undefined ? {} : { region }), ...(tableName === undefined ? {} : { tableName }) };
  const read = readDestinations(raw.destinations, stack, kinds);
  const alarms = check(alarmsSchema, raw.alarms === undefined ? {} : raw.alarms, "alarms");
  for (const part of [source, readers, read, alarms]) if ("problems" in part) problems.push(...part.problems);
  if ("value" in alarms) problems.push(...alarmProblems(alarms.value, region));
  if ("value" in read) {
    problems.push(
      ...read.value.flatMap((destination) => destination.problems),
      ...disagreements(read.value),
      ...sharedClaims(read.value),
    );
    const isGlobal = "value" in source && "adopt" in source.value && source.value.adopt.replicaRegions.length > 0;
    const preset = isGlobal ? designedReaders.globalTable : designedReaders.table;
    if ("value" in readers) problems.push(...tooManyReaders(read.value, readers.value ?? preset, isGlobal));
    if ("value" in source && region !== undefined) {
      problems.push(...unsuitedViews(source.value, read.value, region));
      problems.push(...(await inspect(read.value, facts(source.value, stack, region))));
    }
  }
  if (problems.length > 0 || !("value" in source) || !("value" in read) || !("value" in alarms))
    throw refusal(problems);
  return { source: source.value, consumers: consumers(read.value), alarms: alarms.value };
}

function refusal(problems: readonly Problem[]): pulumi.RunError {
  return new pulumi.RunError(problems.map(({ path, message }) => `${path}: ${message}`).join("\n"));
}

async function readSource(raw: unknown, region: string | undefined): Promise<Checked<Settings["source"]>> {
  if (isObject(raw) && "existing" in raw) return readExisting(raw, region);
  const table = check(newTableSchema, raw, "source");
  const problems = [
    "problems" in table ? table.problems : [],
    isObject(raw) ? tableProblems(raw, "source", region) : [],
  ].flat();
  return "value" in table && problems.length === 0 ? { value: { create: table.value } } : { problems };
}

/** An existing table; without a Region it cannot be looked up, and is neither read nor refused. */
async function readExisting(
  raw: Record<string, unknown>,
  region: string | undefined,
): Promise<Checked<Settings["source"]>> {
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

function readDestinations(raw: unknown, stack: Stack, kinds: Kinds): Checked<ReadDestination[]> {
  if (raw !== undefined && !isObject(raw))
    return {
      problems: [{ path: "destinations", message: `${show(raw)} is not allowed; expected destinations by name` }],
    };
  const entries = Object.entries(raw ?? {});
  if (entries.length === 0)
    return {
      problems: [
        { path: "destinations", message: "there are none; expected at least one, such as `events: { kind: sqs }`" },
      ],
    };
  return { value: entries.map(([name, destination]) => readDestination(name, destination, stack, kinds)) };
}

function facts(source: Settings["source"], stack: Stack, region: string): SourceFacts {
  const { hashKey, rangeKey } = "adopt" in source ? source.adopt : source.create;
  return {
    ...stack,
    region,
    hashKey,
    ...(rangeKey === undefined ? {} : { rangeKey }),
    replicaRegions: "adopt" in source ? source.adopt.replicaRegions : [],
  };
}

function unsuitedViews(source: Settings["source"], read: readonly ReadDestination[], region: string): Problem[] {
  const view = "adopt" in source ? source.adopt.view : source.create.streamViewType;
  return read.flatMap(({ name, kind }) => {
    if (kind === undefined || kind.definition.views.includes(view)) return [];
    const needed = kind.definition.views;
    const wayOut =
      "adopt" in source
        ? changeView(source.adopt.tableName, region, best(needed))
        : `set source.streamViewType to ${best(needed)}, or leave it out`;
    const message = `kind "${kind.name}" cannot work with the stream view type ${view}; expected ${needed.join(" or ")}: ${wayOut}`;
    return [{ path: `destinations.${name}.kind`, message }];
  });
}

function best(views: readonly StreamViewType[]): StreamViewType {
  return views.includes("NEW_AND_OLD_IMAGES") ? "NEW_AND_OLD_IMAGES" : views[0]!;
}

function unknownKeys(config: pulumi.Config): Problem[] {
  const prefix = `${config.name}:`;
  return Object.keys(pulumi.runtime.allConfig())
    .filter((key) => key.startsWith(prefix) && !known.includes(key.slice(prefix.length)))
    .map((key) => {
      const name = key.slice(prefix.length);
      const meant = suggest(name, known);
      const wayOut = meant === undefined ? `allowed here: ${known.join(", ")}` : `did you mean \`${meant}\`?`;
      return { path: name, message: `is not a setting; ${wayOut}` };
    });
}

const noRegion: Problem = {
  path: "aws:region",
  message: "is missing; expected a Region: `pulumi config set aws:region us-east-1`, or AWS_REGION in the environment",
};

/** Structured configuration arrives as JSON text, a single value as itself. */
function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function nameOf(source: Record<string, unknown>): string | undefined {
  const { existing, name } = source as { existing?: { tableName?: unknown }; name?: unknown };
  const tableName = existing?.tableName ?? name;
  return typeof tableName === "string" ? tableName : undefined;
}
