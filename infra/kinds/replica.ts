import * as aws from "@pulumi/aws";
import { z } from "zod";
import type { Finding, Kind, ProvisionContext, Sink, SourceInfo, StackInfo } from "../kind.ts";
import { longestName } from "../parts/longest-name.ts";
import type { Problem } from "../settings/check.ts";
import { type Key, lookUpTable } from "../settings/existing-table.ts";
import { foreignKey, kmsKeyArn, ownOrManagedKey, tableName } from "../settings/fields.ts";
import { partitionOf, region } from "../settings/regions.ts";
import { runChecks } from "../settings/well-formed.ts";
import { encryption, keySchema } from "../source.ts";

// The attributes that the handler writes, by the names that it has for them.
const versionAttribute = "_fanout_version";
const expiryAttribute = "_fanout_expires";

const schema = z.strictObject({
  region: region
    .optional()
    .describe(
      "Region of the replica. Without it, the stack's. Changing it makes a new, empty replica: earlier changes do not come again.",
    ),
  existing: z
    .strictObject({
      tableName: tableName.describe("Name of the table."),
    })
    .optional()
    .describe(
      `A table that exists already, instead of a new one. It needs the source's key schema, and TTL on \`${expiryAttribute}\`, or tombstones stay for good. No other destination of the stack may have it. Another one starts as it is: earlier changes do not come again.`,
    ),
  encryptionKey: kmsKeyArn.optional().describe(`${ownOrManagedKey} It is in the replica's Region.`),
  // A message waits in the failure queue for up to 14 days, and its records are at most a day older. Until then an older
  // write may still come, and only the tombstone shows that the item was deleted after it.
  tombstoneDays: z
    .int()
    .min(2)
    .max(3650)
    .default(15)
    .describe(
      "Days for which a deleted item's version is remembered, so that an older write cannot bring the item back.",
    ),
  pointInTimeRecovery: z
    .boolean()
    .optional()
    .meta({ default: true })
    .describe("Continuous backups of the new replica's last 35 days."),
  deletionProtection: z.boolean().optional().meta({ default: false }).describe("Refuse to delete the new replica."),
});

type Settings = z.output<typeof schema>;

/** A table that converges to the source, item for item. */
export const replica: Kind<typeof schema> = {
  schema,
  views: ["NEW_IMAGE", "NEW_AND_OLD_IMAGES"],
  withoutDeletes: { effect: "deleted items would stay for ever", severity: "problem" },
  // The same changes would be paid for twice, and with filters that differ neither would have a table to compare.
  exclusiveTarget({ existing, region }, _destination, stack) {
    const where = region ?? stack.region;
    return existing && `the table ${existing.tableName}${where === undefined ? "" : ` in ${where}`}`;
  },
  reservedAttributes: {
    [versionAttribute]: "the version of each item",
    [expiryAttribute]: "when a tombstone may go",
  },
  problems(settings, stack) {
    return runChecks([otherPartition, ...besideExisting, notTheSource, keyElsewhere], settings, stack);
  },
  async inspect({ existing, region }, source) {
    return existing === undefined ? [] : inspectExisting(existing.tableName, region ?? source.region, source);
  },
  late: ({ existing }, name) => [
    existing === undefined ? longestName(`${name}-replica`, 255) : existing.tableName.length,
  ],
  provision(settings, context) {
    const { tableName, tableArn, dependsOn } =
      settings.existing === undefined
        ? newTable(settings, context)
        : existingTable(settings.existing.tableName, settings.region, context);
    const { region, tombstoneDays, encryptionKey } = settings;
    return {
      settings: { tableName, tombstoneDays, ...(region === undefined ? {} : { region }) },
      grants: [
        { actions: ["dynamodb:PutItem"], resources: [tableArn] },
        ...(encryptionKey === undefined ? [] : [{ actions: ["kms:Decrypt"], resources: [encryptionKey] }]),
      ],
      dependsOn,
      outputs: { tableName, tableArn },
    } satisfies Sink;
  },
};

function otherPartition({ region: there }: Settings, stack: StackInfo): Problem[] {
  if (there === undefined || stack.region === undefined) return [];
  const [theirs, ours] = [partitionOf(there).partition, partitionOf(stack.region).partition];
  if (theirs === ours) return [];
  const message = `${there} is in the partition ${theirs}, where the stack's account does not exist; expected a Region of ${ours}, as ${stack.region} is`;
  return [{ path: "region", message }];
}

function keyElsewhere({ encryptionKey, region }: Settings, stack: StackInfo): readonly Problem[] {
  return foreignKey(encryptionKey, region ?? stack.region, "table");
}

const besideExisting = (["pointInTimeRecovery", "deletionProtection"] as const).map(
  (path) =>
    (settings: Settings): Problem[] =>
      settings.existing === undefined || settings[path] === undefined
        ? []
        : [{ path, message: "says how to make a table, but `existing` names one; expected one of the two" }],
);

function notTheSource({ existing, region }: Settings, stack: StackInfo): Problem[] {
  if (existing?.tableName === undefined) return [];
  if (existing.tableName !== stack.tableName || (region ?? stack.region) !== stack.region) return [];
  const message = `"${existing.tableName}" is the source itself, and its changes would come back to it for ever; expected another table`;
  return [{ path: "existing.tableName", message }];
}

async function inspectExisting(name: string, region: string, source: SourceInfo): Promise<readonly Finding[]> {
  const path = "existing.tableName";
  const problem = (message: string): Finding[] => [{ path, message, severity: "problem" }];
  if (name === source.tableName && region === source.region) return []; // the source itself, which is a problem already
  if (name === source.tableName && source.replicaRegions.includes(region))
    return problem(
      `"${name}" in ${region} is the source itself, which is a global table, and its changes would come back to it for ever; expected another table`,
    );
  const found = await lookUpTable(name, region, path);
  if ("message" in found) return problem(found.message);
  if (keyOf(found) !== keyOf(source))
    return problem(`the key of "${name}" is ${keyOf(found)}; expected the source's key, ${keyOf(source)}`);
  const { ttl } = found.described;
  if (ttl?.enabled && ttl.attributeName === expiryAttribute) return [];
  const turnOn = `aws dynamodb update-time-to-live --region ${region} --table-name ${name} --time-to-live-specification Enabled=true,AttributeName=${expiryAttribute}`;
  const message = `"${name}" keeps the tombstones of deleted items for good, because its time to live is not on for \`${expiryAttribute}\`; turn it on: ${turnOn}`;
  return [{ path, message, severity: "warning" }];
}

function keyOf({ hashKey, rangeKey }: Pick<SourceInfo, "hashKey" | "rangeKey">): string {
  const part = ({ name, type }: Key) => `${name} (${type})`;
  return rangeKey === undefined ? part(hashKey) : `${part(hashKey)}, ${part(rangeKey)}`;
}

function newTable(settings: Settings, { name, source, parent }: ProvisionContext) {
  const table = new aws.dynamodb.Table(
    `${name}-replica`,
    {
      ...(settings.region === undefined ? {} : { region: settings.region }),
      ...keySchema(source.hashKey, source.rangeKey),
      // It takes as many writes as the source does, without a capacity of its own that could run out.
      billingMode: "PAY_PER_REQUEST",
      ttl: { attributeName: expiryAttribute, enabled: true },
      pointInTimeRecovery: { enabled: settings.pointInTimeRecovery ?? true },
      deletionProtectionEnabled: settings.deletionProtection ?? false,
      serverSideEncryption: encryption(settings.encryptionKey),
    },
    { parent },
  );
  return { tableName: table.name, tableArn: table.arn, dependsOn: [table] };
}

function existingTable(name: string, region: string | undefined, { parent }: ProvisionContext) {
  const table = aws.dynamodb.getTableOutput({ name, ...(region === undefined ? {} : { region }) }, { parent });
  return { tableName: table.name, tableArn: table.arn, dependsOn: [] };
}
