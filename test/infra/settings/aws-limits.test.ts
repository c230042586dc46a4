import { expect } from "chai";
import fc from "fast-check";
import type { z } from "zod";
import { redshift } from "../../../infra/kinds/redshift.ts";
import { replica } from "../../../infra/kinds/replica.ts";
import { sqs } from "../../../infra/kinds/sqs.ts";
import { alarmsSchema } from "../../../infra/settings/alarms.ts";
import { newTableSchema } from "../../../infra/settings/source.ts";
import { commonSchema } from "../../../infra/stack/destination.ts";

/** Whether a schema has nothing against a value at a path. */
function takes(schema: z.ZodType, path: string, value: unknown): boolean {
  const given = path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  const { success, error } = schema.safeParse(given);
  return success || !error.issues.some((issue) => issue.path.join(".").startsWith(path));
}

const longest = 2 ** 31 - 1;
const days = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

// From the service models in https://github.com/boto/botocore/tree/develop/botocore/data as of August 2026, by shape. Where
// a model says less than the service's documentation, the latter: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
// for memory and time-out, the model's text for -1 and 60 seconds, SQS's for queue attributes, CloudWatch Logs' for days.
const numbers: readonly [schema: z.ZodType, path: string, allowed: (n: number) => boolean][] = [
  [commonSchema, "mapping.batchSize", (n) => n >= 1 && n <= 10_000],
  [commonSchema, "mapping.maximumBatchingWindowInSeconds", (n) => n >= 0 && n <= 300],
  [commonSchema, "mapping.parallelizationFactor", (n) => n >= 1 && n <= 10],
  [commonSchema, "mapping.maximumRetryAttempts", (n) => n >= -1 && n <= 10_000],
  [commonSchema, "mapping.maximumRecordAgeInSeconds", (n) => n === -1 || (n >= 60 && n <= 604_800)],
  [commonSchema, "function.memorySize", (n) => n >= 128 && n <= 10_240],
  [commonSchema, "function.timeout", (n) => n >= 1 && n <= 900],
  [commonSchema, "function.reservedConcurrentExecutions", (n) => n >= 0 && n <= 100_000],
  [commonSchema, "function.logRetentionDays", (n) => days.includes(n)],
  [newTableSchema, "readCapacity", (n) => n >= 1],
  [newTableSchema, "writeCapacity", (n) => n >= 1],
  [sqs.schema, "messageRetentionSeconds", (n) => n >= 60 && n <= 1_209_600],
  [sqs.schema, "visibilityTimeoutSeconds", (n) => n >= 0 && n <= 43_200],
  [sqs.schema, "maxReceiveCount", (n) => n >= 1 && n <= 1000],
  [sqs.schema, "claimCheckDays", (n) => n >= 1 && n <= longest],
  [redshift.schema, "bufferingInterval", (n) => n >= 0 && n <= 900],
  [redshift.schema, "bufferingSize", (n) => n >= 1 && n <= 128],
  [redshift.schema, "retryDuration", (n) => n >= 0 && n <= 7200],
  [redshift.schema, "stagingRetentionDays", (n) => n >= 1 && n <= longest],
  [redshift.schema, "claimCheckDays", (n) => n >= 1 && n <= longest],
  [redshift.schema, "logRetentionDays", (n) => days.includes(n)],
  [redshift.schema, "usageLimit.rpuHours", (n) => n >= 1],
  [redshift.schema, "baseCapacity", (n) => n === 4 || (n % 8 === 0 && n >= 8 && n <= 1024)],
  [redshift.schema, "maxCapacity", (n) => n === 4 || (n % 8 === 0 && n >= 8 && n <= 1024)],
];

const arn = (service: string, resource: string) =>
  new RegExp(`^arn:aws(-[a-z]+)*:${service}:[a-z]{2,4}(-[a-z]+)+-\\d:\\d{12}:${resource}$`);
const within = (least: number, most: number, pattern: RegExp) => (text: string) =>
  text.length >= least && text.length <= most && pattern.test(text);

const texts: readonly [schema: z.ZodType, path: string, good: string, allowed: (text: string) => boolean][] = [
  [newTableSchema, "name", "films", within(3, 255, /^[a-zA-Z0-9_.-]+$/)],
  [newTableSchema, "hashKey.name", "id", within(1, 255, /^.*$/su)],
  [newTableSchema, "ttlAttribute", "expires", within(1, 255, /^.*$/su)],
  [
    newTableSchema,
    "encryptionKey",
    "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    within(1, 2048, arn("kms", "key/[A-Za-z0-9-]+")),
  ],
  [
    alarmsSchema,
    "topicArn",
    "arn:aws:sns:us-east-1:111122223333:operators",
    within(1, 1024, arn("sns", "(?=.{1,256}$)[A-Za-z0-9_-]+(\\.fifo)?")),
  ],
  [alarmsSchema, "email", "operators@example.com", within(3, 254, /^[^@\s]{1,64}@[^@\s]+$/)],
  [
    sqs.schema,
    "queueArn",
    "arn:aws:sqs:us-east-1:111122223333:orders.fifo",
    within(1, 2048, arn("sqs", "(?=.{1,80}$)[A-Za-z0-9_-]+(\\.fifo)?")),
  ],
  [replica.schema, "region", "eu-west-1", within(1, 63, /^[a-z]{2,4}(-[a-z]+)+-\d$/)],
  [replica.schema, "existing.tableName", "copy", within(3, 255, /^[a-zA-Z0-9_.-]+$/)],
  [redshift.schema, "schema", "fanout", within(1, 127, /^(?!pg_|information_schema$|public$)[a-z_][a-z0-9_]*$/)],
  [redshift.schema, "table", "films", within(1, 119, /^[a-z_][a-z0-9_]*$/)],
  [redshift.schema, "database", "fanout", within(1, 64, /^(?!template[01]$)[a-z_][a-z0-9_]*$/)],
  [redshift.schema, "network.vpcId", "vpc-0a1b2c3d", within(1, 21, /^vpc-[0-9a-f]+$/)],
  [
    redshift.schema,
    "existing.jdbcUrl",
    "jdbc:redshift://main.111122223333.us-east-1.redshift-serverless.amazonaws.com:5439/dev",
    within(
      1,
      512,
      /^jdbc:(redshift|postgresql):\/\/((?!-)[A-Za-z0-9-]{1,63}(?<!-)\.)+(redshift(-serverless)?)\.([a-zA-Z0-9.-]+):\d{1,5}\/[a-zA-Z0-9_$-]+$/,
    ),
  ],
  [
    redshift.schema,
    "existing.adminSecretArn",
    "arn:aws:secretsmanager:us-east-1:111122223333:secret:admin-AbCdEf",
    within(1, 2048, arn("secretsmanager", "secret:[a-zA-Z0-9\\-/_+=.@!]+")),
  ],
];

/** A text with a piece of it repeated, replaced or taken out. */
const mutated = (good: string) =>
  fc
    .record({
      from: fc.nat(good.length),
      length: fc.nat(6),
      piece: fc.oneof(
        fc.string({ maxLength: 4 }),
        fc.constantFrom("", "-", ".", "a".repeat(64), "9".repeat(300), "cn-", "aws-cn", ":", "é", "\n", "😀", "A"),
      ),
    })
    .map(({ from, length, piece }) => `${good.slice(0, from)}${piece}${good.slice(from + length)}`);

const near = fc.oneof(
  fc.integer({ min: -2, max: 12 }),
  fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
  fc.double(),
  fc
    .constantFrom(
      60,
      128,
      300,
      900,
      1000,
      1024,
      3653,
      7200,
      10_000,
      10_240,
      43_200,
      100_000,
      604_800,
      1_209_600,
      longest,
    )
    .chain((n) => fc.integer({ min: n - 2, max: n + 2 })),
);

describe("AWS's limits", () => {
  for (const [schema, path, allowed] of numbers)
    it(`hold for ${path}`, () => {
      fc.assert(
        fc.property(near, (n) => !takes(schema, path, n) || (Number.isSafeInteger(n) && allowed(n))),
        { numRuns: 500, seed: 15 },
      );
    });

  for (const [schema, path, good, allowed] of texts)
    it(`hold for ${path}`, () => {
      expect(takes(schema, path, good), good).to.equal(true);
      fc.assert(
        fc.property(fc.oneof(mutated(good), fc.string(), mutated(good).chain(mutated)), (text) => {
          return !takes(schema, path, text) || allowed(text);
        }),
        { numRuns: 1000, seed: 15 },
      );
    });
});
