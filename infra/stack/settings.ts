import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { StackInfo } from "../kind.ts";
import { type AlarmSettings, readAlarms } from "../settings/alarms.ts";
import { check, type Problem, problemsOf } from "../settings/check.ts";
import { deepest, isTooDeep, shallow } from "../settings/nesting.ts";
import { runChecks } from "../settings/well-formed.ts";
import { concurrencyFindings } from "./concurrency.ts";
import { type ConsumerSettings, conflicts, consumers, tooManyReaders, tooMuchToTell } from "./consumers.ts";
import type { ReadDestination } from "./destination.ts";
import {
  inspectDestinations,
  readDestinations,
  sharedTargets,
  takenAttributes,
  told,
  unsuitableViews,
} from "./destinations.ts";
import { readKeys } from "./keys.ts";
import { readRegion } from "./read-region.ts";
import { isGlobal, type ReadSource, readSource, type SourceSettings, sourceInfo, tableNameOf } from "./read-source.ts";
import { type Secrets, secretsOf } from "./secrets.ts";
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
  /** The settings at the top that are stored as a secret, or have a part that is. */
  readonly secret: ReadonlySet<string>;
}

/** The logical name of the stack's component, with which the names of all resources begin. */
export const fanOutName = "fanout";

/**
 * Reads a stack's configuration (in the namespace of the settings), and looks an adopted table up. Nothing has been created
 * when it throws: one `RunError` with a line for every problem, which says where it is, what is wrong and what is allowed.
 *
 * The order is that of the lines: the keys at the top, each part by itself, then how the parts fit together. A check is
 * made if all that it looks at is well formed, so that one mistake gives one line, and hides no other.
 */
export async function readSettings(config: pulumi.Config): Promise<Settings> {
  const { values: given, problems: misnamed } = readKeys(config);
  const raw = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, shallow(value)]));
  const secrets = secretsOf(config, raw);
  const { region, problems: ofRegion } = readRegion();
  const stack = stackInfo(region, tableNameOf(raw.source));
  const source = await readSource(raw.source, region);
  const maxReaders = check(maxReadersSchema, raw.maxReadersPerShard, "maxReadersPerShard");
  const destinations = readDestinations(raw.destinations, stack);
  const alarms = readAlarms(raw.alarms, region);
  const all = "value" in destinations ? destinations.value : [];
  const limit = "value" in maxReaders ? maxReaders.value : undefined;
  const problems: readonly Problem[] = [
    ...ofRegion,
    ...misnamed,
    ...tooDeep(given),
    ...source.problems,
    ...problemsOf(maxReaders),
    ...problemsOf(destinations),
    ...problemsOf(alarms),
    ...together(all, stack),
    ...told(filterFindings(all, source.settings), secrets.line),
    // A limit that is malformed is no limit: the one by default holds once it is taken away.
    ...runChecks([readers], all, limit, source),
    ...(region === undefined ? [] : await withSource(all, source, { stack, region, line: secrets.line })),
  ];
  if (problems.length > 0 || source.settings === undefined || !("value" in alarms))
    throw new pulumi.RunError(problems.map(secrets.line).join("\n"));
  const settled = consumers(all);
  told(concurrencyFindings(settled), secrets.line);
  return { source: source.settings, consumers: settled, alarms: alarms.value, secret: secrets.keys };
}

/** The settings that are nested more deeply than any can be, and are read only so far. */
function tooDeep(given: Readonly<Record<string, unknown>>): readonly Problem[] {
  return Object.keys(given)
    .filter((key) => isTooDeep(given[key]))
    .map((path) => ({ path, message: `is nested more than ${deepest} levels deep; expected less` }));
}

/** What is wrong with how many consumers read the stream. */
function readers(
  destinations: readonly ReadDestination[],
  limit: number | undefined,
  { settings }: ReadSource,
): readonly Problem[] {
  const isGlobalTable = settings !== undefined && isGlobal(settings);
  const designed = isGlobalTable ? designedReaders.globalTable : designedReaders.table;
  return tooManyReaders(destinations, limit ?? designed, isGlobalTable);
}

/** What is wrong with each destination, and between them. */
function together(destinations: readonly ReadDestination[], stack: StackInfo): readonly Problem[] {
  return [
    ...destinations.flatMap(({ problems }) => problems),
    ...runChecks([conflicts, sharedTargets], destinations, stack),
    ...tooMuchToTell(destinations, fanOutName),
  ];
}

/** What is wrong between the destinations and the source, and with what exists of the destinations already. */
async function withSource(
  destinations: readonly ReadDestination[],
  source: ReadSource,
  { stack, region, line }: { readonly stack: StackInfo; readonly region: string } & Pick<Secrets, "line">,
): Promise<readonly Problem[]> {
  return [
    ...(source.settings === undefined
      ? []
      : runChecks([unsuitableViews, takenAttributes], destinations, source.settings, region)),
    ...(await inspectDestinations(destinations, sourceInfo(source, stack, region), line)),
  ];
}

function stackInfo(region: string | undefined, tableName: string | undefined): StackInfo {
  return { ...(region === undefined ? {} : { region }), ...(tableName === undefined ? {} : { tableName }) };
}
