import { z } from "zod";
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

/** A VPC of the user's for a new warehouse. */
export const networkSchema = z.strictObject({
  vpcId: z
    .string()
    .regex(/^vpc-[0-9a-f]+$/)
    .meta({ allowed: "a VPC's id, such as vpc-0a1b2c3d" })
    .describe("The VPC."),
  subnetIds: z
    .array(
      z
        .string()
        .regex(/^subnet-[0-9a-f]+$/)
        .meta({ allowed: "a subnet's id, such as subnet-0a1b2c3d" }),
    )
    .min(3)
    .meta({ allowed: "at least 3 subnets, in 3 Availability Zones" })
    .describe("Public subnets of it, at least 3, in 3 Availability Zones."),
});

/** A warehouse that exists already. */
export const existingSchema = z.strictObject({
  jdbcUrl: z
    .string()
    .regex(jdbcUrlPattern)
    .meta({
      allowed:
        "the JDBC URL of a workgroup or cluster with its database, such as jdbc:redshift://main.111122223333.us-east-1.redshift-serverless.amazonaws.com:5439/dev",
    })
    .describe("JDBC URL of the warehouse. Its path is the database."),
  adminSecretArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:\S+$/)
    .meta({ allowed: "the ARN of a secret in Secrets Manager" })
    .describe("Secret with `username` and `password` of a superuser, as whom tables and the loader are created."),
});

/** The new warehouse's capacity in RPUs. Unless the settings say so it does not grow: its price per second stays known. */
export function capacity(settings: { baseCapacity?: number | undefined; maxCapacity?: number | undefined }): {
  base: number;
  max: number;
} {
  const base = settings.baseCapacity ?? 8;
  return { base, max: settings.maxCapacity ?? Math.max(8, base) };
}
