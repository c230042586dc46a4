import * as aws from "@pulumi/aws";
import { z } from "zod";
import type { Kind, Problem, Sink, Surroundings } from "./kind.ts";
import { kmsKeyArn } from "./settings/source.ts";
import { encryption, keySchema } from "./source.ts";

/** The attribute of a tombstone that says when it may go, as the handler writes it. */
const expiryAttribute = "_fanout_expires";

const schema = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
    .meta({ allowed: "a Region, such as eu-west-1" })
    .optional()
    .describe("Region of the replica. Without it, the stack's."),
  existing: z
    .strictObject({
      tableName: z
        .string()
        .regex(/^[A-Za-z0-9_.-]{3,255}$/)
        .meta({ allowed: "3 to 255 letters, digits, `_`, `-` and `.`" })
        .describe("Name of the table."),
    })
    .optional()
    .describe(
      `A table that exists already, instead of a new one. It needs the source's key schema, and TTL on \`${expiryAttribute}\`, or tombstones stay for good.`,
    ),
  encryptionKey: kmsKeyArn
    .optional()
    .describe(
      "A KMS key of yours, in the replica's Region, that encrypts the replica. Without it AWS manages the key.",
    ),
  // A message waits in the failure queue for up to 14 days, and its records are at most a day older: for so long may an
  // older write still come, and only the tombstone shows that the item was deleted after it.
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
  problems(settings, { region, tableName }) {
    const { existing } = settings;
    if (existing === undefined) return [];
    const problems: Problem[] = (["pointInTimeRecovery", "deletionProtection"] as const)
      .filter((key) => settings[key] !== undefined)
      .map((path) => ({
        path,
        message: "says how to make a table, but `existing` names one; expected one of the two",
      }));
    if (existing.tableName === tableName && (settings.region ?? region) === region)
      problems.push({
        path: "existing.tableName",
        message: `"${tableName}" is the source itself, and its changes would come back to it for ever; expected another table`,
      });
    return problems;
  },
  provision(settings, surroundings) {
    const { tableName, tableArn, dependsOn } =
      settings.existing === undefined
        ? newTable(settings, surroundings)
        : existingTable(settings.existing.tableName, settings.region, surroundings);
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

function newTable(settings: Settings, { name, source, parent }: Surroundings) {
  const table = new aws.dynamodb.Table(
    `${name}-replica`,
    {
      ...(settings.region === undefined ? {} : { region: settings.region }),
      ...keySchema(source.hashKey, source.rangeKey),
      // It takes whatever the source's writers send, without a capacity of its own to run out of.
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

function existingTable(name: string, region: string | undefined, { parent }: Surroundings) {
  const table = aws.dynamodb.getTableOutput({ name, ...(region === undefined ? {} : { region }) }, { parent });
  return { tableName: table.name, tableArn: table.arn, dependsOn: [] };
}
