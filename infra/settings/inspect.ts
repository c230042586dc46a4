import * as pulumi from "@pulumi/pulumi";
import type { SourceFacts } from "../kind.ts";
import type { ReadDestination } from "./destination.ts";
import type { Problem } from "./problem.ts";

/** Lets each kind look at what exists of its destination already. Warnings are said at once, problems are handed on. */
export async function inspect(read: readonly ReadDestination[], source: SourceFacts): Promise<readonly Problem[]> {
  const unharmed = read.filter(({ problems, settings }) => problems.length === 0 && settings !== undefined);
  const found = await Promise.all(
    unharmed.map(async ({ name, kind, settings }) => {
      const findings = (await kind?.definition.inspect?.(settings, source)) ?? [];
      return findings.map((finding) => ({ ...finding, path: `destinations.${name}.${finding.path}` }));
    }),
  );
  for (const { path, message, severity } of found.flat())
    if (severity === "warning") void pulumi.log.warn(`${path}: ${message}`);
  return found.flat().filter(({ severity }) => severity === "problem");
}
