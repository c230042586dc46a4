import { z } from "zod";
import { type Problem, show } from "./check.ts";
import { attributeName, foreignKey, kmsKeyArn, ownOrManagedKey, tableName } from "./fields.ts";
import { runChecks, wellFormed } from "./well-formed.ts";

const key = z.strictObject({
  name: attributeName.describe("Name of the attribute."),
  type: z.enum(["S", "N", "B"]).describe("Type of the attribute: string, number or binary."),
});
const capacity = z.int().min(1).optional();

/**
 * Where writes to the table may come from. It decides what is said of a delete whose record has no identity: see
 * `isExpired` in `handlers/core/global-table.ts`.
 */
const writes = z
  .enum(["here", "anywhere"])
  .optional()
  .describe(
    "Where writes, and deletes by time to live, may come from: `here`, this Region alone, or `anywhere`, all Regions of a global table. There a delete by time to live in another Region arrives without a sign of it, so `expired` is null wherever it may be one. Without the setting, a table with replicas is taken for `anywhere`, and so is every item with the attributes of the old version of global tables.",
  );

/** A table that this program makes. */
export const newTableSchema = z
  .strictObject({
    name: tableName
      .optional()
      .describe(
        "Name of the table. Without it Pulumi chooses a unique one. Changing it replaces the table, with all items.",
      ),
    hashKey: key.describe("The partition key. Changing it replaces the table, with all items."),
    rangeKey: key
      .optional()
      .describe("The sort key, if the table has one. Changing it replaces the table, with all items."),
    billingMode: z
      .enum(["PAY_PER_REQUEST", "PROVISIONED"])
      .default("PAY_PER_REQUEST")
      .describe("How capacity is paid."),
    readCapacity: capacity.describe("Read capacity units, for PROVISIONED."),
    writeCapacity: capacity.describe("Write capacity units, for PROVISIONED."),
    streamViewType: z
      .enum(["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"])
      .default("NEW_AND_OLD_IMAGES")
      .describe(
        "What a change carries besides the key. Each kind of destination says which it can work with. Changing it turns the stream off and on: changes that are not delivered yet are lost, so let writers pause first.",
      ),
    pointInTimeRecovery: z.boolean().default(false).describe("Continuous backups of the last 35 days."),
    deletionProtection: z.boolean().default(false).describe("Refuse to delete the table."),
    ttlAttribute: attributeName.optional().describe("The attribute that says when an item expires, in epoch seconds."),
    encryptionKey: kmsKeyArn.optional().describe(ownOrManagedKey),
    writes,
  })
  .meta({ allowed: "`hashKey` and further settings of a table to make, or `existing.tableName` of one to adopt" });

/** A table that exists already, and stays as it is. */
export const existingTableSchema = z.strictObject({
  existing: z
    .strictObject({
      tableName: tableName.describe("Name of the table, in the stack's Region and account. Its stream must be on."),
    })
    .describe("Adopts a table instead of making one; beside it, `source` has nothing but `writes`."),
  writes,
});

/** A table to make, defaults applied. */
export type NewTable = z.output<typeof newTableSchema>;

/** Where writes to the table may come from. */
export type Writes = NonNullable<NewTable["writes"]>;

/** What a stream record carries besides the key. */
export type StreamViewType = NewTable["streamViewType"];

/** How the fields of a new table fit together, which no schema of a single field can see. Takes unchecked input, so that all problems are reported at once. */
export function tableProblems(raw: unknown, path: string, region: string | undefined): readonly Problem[] {
  return runChecks([distinctKeys, keyElsewhere, ...capacities], { table: wellFormed(newTableSchema, raw), region }).map(
    (problem) => ({ ...problem, path: `${path}.${problem.path}` }),
  );
}

interface Given {
  readonly table: NewTable;
  readonly region: string | undefined;
}

function distinctKeys({ table: { hashKey, rangeKey } }: Given): Problem[] {
  if (hashKey.name !== rangeKey?.name) return [];
  const message = `${show(hashKey.name)} is the hash key already; expected the name of another attribute`;
  return [{ path: "rangeKey.name", message }];
}

function keyElsewhere({ table, region }: Given): readonly Problem[] {
  return foreignKey(table.encryptionKey, region, "table");
}

const capacities = (["readCapacity", "writeCapacity"] as const).map((path) => ({ table }: Given): Problem[] => {
  const isGiven = table[path] !== undefined;
  if (table.billingMode === "PROVISIONED")
    return isGiven ? [] : [{ path, message: "is missing; billingMode PROVISIONED needs a whole number of at least 1" }];
  return isGiven
    ? [{ path, message: "has no meaning without billingMode PROVISIONED; leave it out, or set billingMode" }]
    : [];
});
