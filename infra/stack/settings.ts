import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { StackInfo } from "../kind.ts";
import { type AlarmSettings, readAlarms } from "../settings/alarms.ts";
import { type Checked, check, type Problem, suggest } from "../settings/check.ts";
import { concurrencyFindings } from "./concurrency.ts";
import { type ConsumerSettings, conflicts, consumers, tooManyReaders } from "./consumers.ts";
import type { ReadDestination } from "./destination.ts";
import { inspectDestinations, readDestinations, sharedTargets, told, unsuitableViews } from "./destinations.ts";
import { readSource, replicaRegionsOf, type SourceSettings, sourceInfo, tableNameOf } from "./read-source.ts";
import { filterFindings } from "./unfit-filters.ts";

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
  readonly source: SourceSettings;
  readonly consumers: readonly ConsumerSettings[];
  readonly alarms: AlarmSettings;
}

const topLevelKeys = ["source", "maxReadersPerShard", "destinations", "alarms"];

/**
 * Reads a stack's configuration, and looks an adopted table up. Nothing has been created when it throws: one
 * `RunError` with a line for every problem, which says where it is, what is wrong and what is allowed.
 *
 * The order is that of the lines: the keys at the top, each part by itself, then how the parts fit together. What needs
 * a part that is wrong is skipped, so that one mistake gives one line.
 */
export async function readSettings(config: pulumi.Config): Promise<Settings> {
  const raw = Object.fromEntries(topLevelKeys.map((key) => [key, parsed(config.get(key))]));
  const region = aws.config.region;
  const stack = stackInfo(region, tableNameOf(raw.source));
  const source = await readSource(raw.source, region);
  const maxReaders = check(maxReadersSchema, raw.maxReadersPerShard, "maxReadersPerShard");
  const destinations = readDestinations(raw.destinations, stack);
  const alarms = readAlarms(raw.alarms, region);
  const problems: Problem[] = [
    ...(region === undefined ? [noRegion] : []),
    ...unknownKeys(config),
    ...problemsOf(source),
    ...problemsOf(maxReaders),
    ...problemsOf(destinations),
    ...problemsOf(alarms),
  ];
  if ("value" in destinations) {
    problems.push(...together(destinations.value));
    problems.push(...told(filterFindings(destinations.value, "value" in source ? source.value : undefined)));
    const global = "value" in source && replicaRegionsOf(source.value).length > 0;
    const designed = global ? designedReaders.globalTable : designedReaders.table;
    if ("value" in maxReaders)
      problems.push(...tooManyReaders(destinations.value, maxReaders.value ?? designed, global));
    if ("value" in source && region !== undefined)
      problems.push(...(await withSource(destinations.value, source.value, stack, region)));
  }
  if (problems.length > 0 || !("value" in source) || !("value" in destinations) || !("value" in alarms))
    throw refusal(problems);
  const settled = consumers(destinations.value);
  told(concurrencyFindings(settled));
  return { source: source.value, consumers: settled, alarms: alarms.value };
}

/** What is wrong with each destination, and between them. */
function together(destinations: readonly ReadDestination[]): readonly Problem[] {
  return [
    ...destinations.flatMap(({ problems }) => problems),
    ...conflicts(destinations),
    ...sharedTargets(destinations),
  ];
}

/** What is wrong between the destinations and the source, and with what exists of the destinations already. */
async function withSource(
  destinations: readonly ReadDestination[],
  source: SourceSettings,
  stack: StackInfo,
  region: string,
): Promise<readonly Problem[]> {
  return [
    ...unsuitableViews(destinations, source, region),
    ...(await inspectDestinations(destinations, sourceInfo(source, stack, region))),
  ];
}

function problemsOf(checked: Checked<unknown>): readonly Problem[] {
  return "problems" in checked ? checked.problems : [];
}

function refusal(problems: readonly Problem[]): pulumi.RunError {
  return new pulumi.RunError(problems.map(({ path, message }) => `${path}: ${message}`).join("\n"));
}

function stackInfo(region: string | undefined, tableName: string | undefined): StackInfo {
  return { ...(region === undefined ? {} : { region }), ...(tableName === undefined ? {} : { tableName }) };
}

const noRegion: Problem = {
  path: "aws:region",
  message: "is missing; expected a Region: `pulumi config set aws:region us-east-1`, or AWS_REGION in the environment",
};

function unknownKeys(config: pulumi.Config): readonly Problem[] {
  const prefix = `${config.name}:`;
  return Object.keys(pulumi.runtime.allConfig())
    .filter((key) => key.startsWith(prefix) && !topLevelKeys.includes(key.slice(prefix.length)))
    .map((key) => {
      const name = key.slice(prefix.length);
      const meant = suggest(name, topLevelKeys);
      const wayOut = meant === undefined ? `allowed here: ${topLevelKeys.join(", ")}` : `did you mean \`${meant}\`?`;
      return { path: name, message: `is not a setting; ${wayOut}` };
    });
}

/** Structured configuration arrives as JSON text, a single value as itself. */
function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
