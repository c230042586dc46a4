import * as pulumi from "@pulumi/pulumi";
import { isObject } from "../is-object.ts";
import type { Finding, SourceInfo, StackInfo } from "../kind.ts";
import { type Checked, type Problem, show } from "../settings/check.ts";
import { changeView } from "../settings/existing-table.ts";
import type { StreamViewType } from "../settings/source.ts";
import { type ReadDestination, readDestination } from "./destination.ts";
import { attributeRoles, type SourceSettings, viewOf } from "./read-source.ts";
import type { Secrets } from "./secrets.ts";

/** Checks each entry of `destinations` by itself. Its problems are with the destination. */
export function readDestinations(raw: unknown, stack: StackInfo): Checked<readonly ReadDestination[]> {
  if (raw !== undefined && !isObject(raw))
    return {
      problems: [{ path: "destinations", message: `${show(raw)} is not allowed; expected destinations by name` }],
    };
  const entries = Object.entries(raw ?? {});
  if (entries.length === 0)
    return {
      problems: [
        {
          path: "destinations",
          message: "there are none; expected at least one under `fanout:destinations`, such as `events: { kind: sqs }`",
        },
      ],
    };
  return { value: entries.map(([name, destination]) => readDestination(name, destination, stack)) };
}

/** Where two destinations would have the same target, such as a queue that keeps an order. */
export function sharedTargets(destinations: readonly ReadDestination[], stack: StackInfo): readonly Problem[] {
  const owners = new Map<string, string>();
  return destinations.flatMap(({ name, kind, settings }) => {
    const target = settings === undefined ? undefined : kind?.definition.exclusiveTarget?.(settings, name, stack);
    if (target === undefined) return [];
    const owner = owners.get(target);
    if (owner === undefined) {
      owners.set(target, name);
      return [];
    }
    const message = `would share ${target} with destinations.${owner}; expected one of its own`;
    return [{ path: `destinations.${name}`, message }];
  });
}

/** Where a kind cannot work with what the stream's records carry. */
export function unsuitableViews(
  destinations: readonly ReadDestination[],
  source: SourceSettings,
  region: string,
): readonly Problem[] {
  const view = viewOf(source);
  return destinations.flatMap(({ name, kind }) => {
    if (kind === undefined || kind.definition.views.includes(view)) return [];
    const needed = kind.definition.views;
    const wayOut =
      "adopt" in source
        ? changeView(source.adopt.tableName, region, richest(needed))
        : `set source.streamViewType to ${richest(needed)}, or leave it out`;
    const message = `kind "${kind.name}" cannot work with the stream view type ${view}; expected ${needed.join(" or ")}: ${wayOut}`;
    return [{ path: `destinations.${name}.kind`, message }];
  });
}

/** Where an attribute that has a role in the source is one that a kind keeps for itself. */
export function takenAttributes(destinations: readonly ReadDestination[], source: SourceSettings): readonly Problem[] {
  return attributeRoles(source).flatMap(({ path, attribute, subject, other }) =>
    destinations.flatMap(({ name, kind }) => {
      const reserved = new Map(Object.entries(kind?.definition.reservedAttributes ?? {}));
      const what = reserved.get(attribute);
      if (what === undefined) return [];
      const keeper = `kind "${kind!.name}" (destinations.${name})`;
      const message = `${subject} is the attribute in which ${keeper} keeps ${what}, so it refuses items that have it; expected ${other}, or no such destination`;
      return [{ path, message }];
    }),
  );
}

function richest(views: readonly StreamViewType[]): StreamViewType {
  return views.includes("NEW_AND_OLD_IMAGES") ? "NEW_AND_OLD_IMAGES" : views[0]!;
}

/** Lets each kind look at what exists of its destination already. Warnings are logged at once, problems are returned. */
export async function inspectDestinations(
  destinations: readonly ReadDestination[],
  source: SourceInfo,
  line: Secrets["line"],
): Promise<readonly Problem[]> {
  const found = await Promise.all(
    destinations.map(async ({ name, kind, settings }) => {
      if (settings === undefined) return [];
      const findings = (await kind?.definition.inspect?.(settings, source)) ?? [];
      return findings.map((finding) => ({ ...finding, path: `destinations.${name}.${finding.path}` }));
    }),
  );
  return told(found.flat(), line);
}

/** Logs the warnings at once, and returns the problems. */
export function told(findings: readonly Finding[], line: Secrets["line"]): readonly Problem[] {
  for (const finding of findings) if (finding.severity === "warning") void pulumi.log.warn(line(finding));
  return findings.filter(({ severity }) => severity === "problem");
}
