import { z } from "zod";
import { arnOf } from "../../settings/arn.ts";
import { jdbcProblem } from "./jdbc-limits.ts";
import { jdbcUrlPattern } from "./warehouse.ts";

/** The capacities that Redshift Serverless offers, in words. */
export const capacities = "4, or a multiple of 8 from 8 to 512, or a multiple of 32 up to 1024";

/** A capacity in RPUs. */
export const rpus = z
  .int()
  .refine((n) => n === 4 || (n >= 8 && n <= 512 && n % 8 === 0) || (n > 512 && n <= 1024 && n % 32 === 0), {
    error: ({ input }) => `${JSON.stringify(input)} is not allowed; expected ${capacities}`,
  })
  .meta({ allowed: capacities });

/** How much a new warehouse may use, with the defaults that hold where a stack says nothing of it. */
export const usageLimitSchema = z.strictObject({
  // Loading every 15 minutes at 8 RPUs takes 96 x 60 s x 8 RPUs = 12.8 RPU-hours a day; twice that leaves room for queries
  // and stops a runaway one. A deactivated warehouse loses nothing: what Firehose could not load stays in the staging bucket.
  rpuHours: z.int().min(1).default(24).describe("RPU-hours that the warehouse may use in a period."),
  period: z.enum(["daily", "weekly", "monthly"]).default("daily").describe("How long a period is."),
  breachAction: z
    .enum(["log", "emit-metric", "deactivate"])
    .default("deactivate")
    .describe(
      "What happens when they are used up: a log entry, a metric, or no more queries until the next period. While deactivated nothing is loaded; what is staged can be loaded afterwards. Before `deactivate`, at three quarters of `rpuHours`, an alarm goes off; for `emit-metric` it does so at the limit, for `log` never.",
    ),
});

/** The id of something in EC2: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html. */
const ec2Id = (what: string, prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`))
    .meta({ allowed: `a ${what}'s id, such as ${prefix}-0a1b2c3d` });

/** A VPC of the user's for a new warehouse. */
export const networkSchema = z.strictObject({
  vpcId: ec2Id("VPC", "vpc").describe("The VPC."),
  subnetIds: z
    .array(ec2Id("subnet", "subnet"))
    .min(3)
    .refine((ids) => new Set(ids).size === ids.length, { error: "names a subnet twice; expected different ones" })
    .meta({ allowed: "at least 3 subnets, in 3 Availability Zones" })
    .describe("Public subnets of it, at least 3, in 3 Availability Zones."),
});

/** A warehouse that exists already. */
export const existingSchema = z.strictObject({
  jdbcUrl: z
    .string()
    .regex(jdbcUrlPattern, { abort: true })
    .refine((url) => jdbcProblem(url) === undefined, { error: ({ input }) => jdbcProblem(input as string) ?? "" })
    .meta({
      allowed:
        "the JDBC URL of a workgroup or cluster with its database, such as jdbc:redshift://main.111122223333.us-east-1.redshift-serverless.amazonaws.com:5439/dev",
    })
    .describe("JDBC URL of the warehouse. Its path is the database."),
  adminSecretArn: arnOf(
    "secretsmanager",
    /^secret:[A-Za-z0-9/_+=.@!-]+$/,
    "the ARN of a secret in Secrets Manager",
  ).describe("Secret with `username` and `password` of a superuser, as whom tables and the loader are created."),
});

/** The new warehouse's capacity in RPUs. Unless the settings say so it does not grow: its price per second stays known. */
export function capacity(settings: { baseCapacity?: number | undefined; maxCapacity?: number | undefined }): {
  base: number;
  max: number;
} {
  const base = settings.baseCapacity ?? 8;
  return { base, max: settings.maxCapacity ?? Math.max(8, base) };
}
