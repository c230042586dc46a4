import { z } from "zod";
import { imagesSchema } from "../../settings/fields.ts";
import { functionSchema } from "../../settings/function.ts";
import { rangeOf } from "./firehose-cidr.ts";
import { databaseName, schemaName, unquotedName } from "./names.ts";
import { capacities, existingSchema, networkSchema, rpus, usageLimitSchema } from "./warehouse-settings.ts";

/** What `destinations.<name>` may say for kind `redshift`. */
export const settingsSchema = z.strictObject({
  schema: schemaName
    .optional()
    .meta({ default: "fanout" })
    .describe(
      "Schema of change log and current view; created if it does not exist. Required with `existing`, where no other stack may load into it. Changing it starts a new, empty change log: earlier changes do not come again.",
    ),
  table: unquotedName(50)
    .optional()
    .describe(
      "What the names `<table>_changes` and `<table>_current` begin with. Without it, the destination's name with `_` for `-`. Changing it starts a new, empty change log, as with `schema`.",
    ),
  images: imagesSchema,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_enable_large_strings_opt_in.html
  maxStringBytes: z
    .int()
    .min(65_535)
    .max(16_000_000)
    .default(65_535)
    .describe(
      "Longest string that the warehouse takes in a SUPER value, in bytes; a change with a longer one goes to the failure queue. More than 65535 only where `enable_large_strings_opt_in` is on.",
    ),
  bufferingInterval: z
    .int()
    .min(60)
    .max(900)
    .default(900)
    .describe(
      "Seconds for which Firehose collects changes before it loads them. Each load wakes the warehouse for at least 60 billed seconds: at 60 it never sleeps.",
    ),
  bufferingSize: z
    .int()
    .min(1)
    .max(128)
    .default(64)
    .describe("MiB of changes that Firehose loads at once, even before the interval is over."),
  retryDuration: z
    .int()
    .min(0)
    .max(7200)
    .default(7200)
    .describe(
      "Seconds for which a failed load is repeated, every 5 minutes. After that it is left to a person: a manifest under `errors/` in the staging bucket names what was not loaded.",
    ),
  statUpdateOff: z
    .boolean()
    .default(false)
    .describe(
      "Whether loads say `STATUPDATE OFF`, for which AWS wants the table's owner, while the loader may only insert. docs/warehouse.md says when it helps all the same.",
    ),
  stagingRetentionDays: z
    .int()
    // Alarms tell of a failed load for a week. The default is that of the lists of what was not loaded.
    .min(7)
    .max(3650)
    .default(365)
    .describe(
      "Days for which changes are kept in the staging bucket, loaded or not: what could not be loaded can be loaded by hand for so long.",
    ),
  claimCheckDays: z
    .int()
    .min(1)
    .max(36_500)
    .optional()
    .describe(
      "Days for which the bodies of changes that no row can hold are kept, under `claims/` in the staging bucket. Without it, for good, as the rows are that point to them.",
    ),
  logRetentionDays: functionSchema.shape.logRetentionDays.describe(
    "Days for which Firehose's error log is kept, and a new warehouse's logs of connections and of users.",
  ),
  deletionProtection: z
    .boolean()
    .default(false)
    .describe("Refuse to delete a new warehouse's data, and a staging bucket that is not empty."),
  database: databaseName
    .optional()
    .meta({ default: "fanout" })
    .describe("Database of a new warehouse. Cannot change later: then it has no effect."),
  baseCapacity: rpus
    .optional()
    .meta({ default: 8, allowed: capacities })
    .describe(
      "RPUs of a new warehouse, billed per second while it works. Not every Region has 4; only some have more than 512.",
    ),
  maxCapacity: rpus
    .optional()
    .meta({ allowed: capacities })
    .describe("RPUs to which a new warehouse may grow under load. Without it, `baseCapacity`, but at least 8."),
  usageLimit: usageLimitSchema
    .optional()
    .describe("How much a new warehouse may use. Without it, the defaults of its settings hold."),
  network: networkSchema
    .optional()
    .describe("Where a new warehouse lives. Without it, a VPC is made with nothing else in it."),
  firehoseCidr: z
    .cidrv4()
    .regex(/\/(?:1[6-9]|2\d|3[0-2])$/, { abort: true }) // the warehouse has a public address: this range is what keeps others out
    .refine((range) => rangeOf(range) === range, {
      error: ({ input }) =>
        `${JSON.stringify(input)} does not begin where its range does; expected ${rangeOf(input as string)}`,
    })
    .optional()
    .meta({ allowed: "an IPv4 range of /16 or narrower, such as 52.70.63.192/27" })
    .describe(
      "Range from which Firehose reaches a new warehouse. Without it, the one that AWS publishes for the Region.",
    ),
  existing: existingSchema
    .optional()
    .describe(
      "A warehouse that is there already, instead of a new one. It must be publicly accessible, be without enhanced VPC routing, and admit Firehose's range on its port. Another one starts with an empty change log, and a new one is deleted with its data when this is set.",
    ),
});

/** The settings of kind `redshift`, checked and with defaults applied. */
export type Settings = z.output<typeof settingsSchema>;

/** What only a new warehouse takes. */
export const newWarehouseSettings = [
  "database",
  "baseCapacity",
  "maxCapacity",
  "usageLimit",
  "network",
  "firehoseCidr",
] as const satisfies readonly (keyof Settings)[];
