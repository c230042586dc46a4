import { z } from "zod";
import { UserError } from "../../../terminal/user-error.ts";
import { copyOptions } from "../redshift/copy-options.ts";

const whole = (least: number, most: number) =>
  z
    .int(`must be a whole number from ${least} to ${most}`)
    .min(least, `must be ${least} or more`)
    .max(most, `must be ${most} or less`);
const roleArn = z.string().regex(/^arn:[^:]*:iam::\d{12}:role\/.+$/, "must be the ARN of a role");

const logging = z
  .strictObject({
    enabled: z.boolean().optional(),
    logGroupName: z.string().optional(),
    logStreamName: z.string().optional(),
  })
  .refine(({ enabled, logGroupName, logStreamName }) => !enabled || (logGroupName && logStreamName), {
    error: "needs logGroupName and logStreamName if enabled: Firehose makes neither",
  });

const bucket = z.strictObject({
  bucketArn: z.string().regex(/^arn:[^:]*:s3:::[^/]+$/, "must be the ARN of a bucket"),
  roleArn,
  bufferingInterval: whole(0, 900).default(300),
  bufferingSize: whole(1, 128).default(5),
  compressionFormat: z
    .enum(
      ["UNCOMPRESSED", "GZIP"],
      "must be UNCOMPRESSED or GZIP: Redshift's COPY cannot read what else Firehose writes",
    )
    .default("UNCOMPRESSED"),
  prefix: z
    .string()
    .refine((prefix) => !prefix.includes("!{"), "may not have expressions in this stand-in for Firehose")
    .default(""),
  errorOutputPrefix: z.undefined("is not supported for Redshift").optional(),
  kmsKeyArn: z.string().optional(),
  cloudwatchLoggingOptions: logging.optional(),
});

const secret = z
  .strictObject({ enabled: z.boolean().optional(), secretArn: z.string().optional(), roleArn: roleArn.optional() })
  .refine(({ enabled, secretArn }) => !enabled || secretArn, { error: "needs secretArn if enabled" });

const redshift = z
  .strictObject({
    clusterJdbcurl: z
      .string()
      .regex(
        /^jdbc:(redshift|postgresql):\/\/((?!-)[A-Za-z0-9-]{1,63}(?<!-)\.)+(redshift(-serverless)?)\.([a-zA-Z0-9.-]+):\d{1,5}\/[a-zA-Z0-9_$-]+$/,
        "must look like jdbc:redshift://<workgroup>.<account>.<region>.redshift-serverless.amazonaws.com:5439/<database>",
      ),
    roleArn,
    username: z.string().min(1).max(512).optional(),
    password: z.string().min(6).max(512).optional(),
    secretsManagerConfiguration: secret.optional(),
    dataTableName: z.string().min(1, "must not be empty").max(512),
    dataTableColumns: z.string().max(10_240, "must have 10,240 characters or fewer").optional(),
    copyOptions: z.string().max(10_240, "must have 10,240 characters or fewer").default(""),
    retryDuration: whole(0, 7200).default(3600),
    s3Configuration: bucket,
    s3BackupMode: z.enum(["Disabled", "Enabled"], "must be Disabled or Enabled").default("Disabled"),
    s3BackupConfiguration: bucket.optional(),
    processingConfiguration: z
      .strictObject({
        enabled: z.literal(false, "cannot be true: this stand-in for Firehose processes no records"),
        processors: z.unknown(),
      })
      .partial()
      .optional(),
    cloudwatchLoggingOptions: logging.optional(),
  })
  .superRefine((value, context) => {
    const problem = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (!value.secretsManagerConfiguration?.enabled && (value.username === undefined || value.password === undefined)) {
      problem("secretsManagerConfiguration", "must be enabled, unless there are username and password");
    }
    if (value.s3BackupMode === "Enabled" && value.s3BackupConfiguration === undefined) {
      problem("s3BackupConfiguration", "is needed because s3BackupMode is Enabled");
    }
    try {
      const { gzip } = copyOptions(value.copyOptions);
      if (value.s3Configuration.compressionFormat === "GZIP" && !gzip) {
        problem("copyOptions", "must have GZIP, because s3Configuration.compressionFormat is GZIP");
      }
    } catch (error) {
      problem("copyOptions", (error as Error).message);
    }
  });

const inputs = z.strictObject({
  name: z
    .string("is needed")
    .regex(/^[a-zA-Z0-9_.-]{1,64}$/, "must have 1 to 64 letters, digits, underscores, dots and hyphens"),
  region: z.string().default("us-east-1"),
  destination: z.literal("redshift", "must be redshift: this stand-in for Firehose has no other destination yet"),
  redshiftConfiguration: redshift,
  serverSideEncryption: z
    .strictObject({ enabled: z.boolean(), keyType: z.string(), keyArn: z.string() })
    .partial()
    .optional(),
  tags: z.record(z.string(), z.string()).optional(),
});

/** A delivery stream's configuration, with Firehose's defaults in place. */
export type DeliveryStreamInputs = z.output<typeof inputs>;
export type RedshiftConfiguration = z.output<typeof redshift>;
export type BucketConfiguration = z.output<typeof bucket>;

/** Checks the inputs of an `aws.kinesis.FirehoseDeliveryStream`. Fails with a UserError that names everything that is wrong. */
export function deliveryStreamInputs(given: unknown): DeliveryStreamInputs {
  const parsed = inputs.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "inputs"}: ${message}`);
  throw new UserError(`Firehose refuses this delivery stream:\n  ${lines.join("\n  ")}`);
}

/** The bucket's name. */
export function bucketName({ bucketArn }: BucketConfiguration): string {
  return bucketArn.slice(bucketArn.lastIndexOf(":") + 1);
}
