import { z } from "zod";

/** The retention periods that CloudWatch Logs offers, in days. */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

// The API has no limit of its own. An account's quota is 1,000 at first, and is raised to tens of thousands on request:
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html.
const mostConcurrency = 100_000;

/** The Lambda function of a consumer. */
export const functionSchema = z.strictObject({
  // Room for a 6 MB batch, decoded and encoded again, three times over. CPU grows with memory: with less, a batch mostly
  // waits for CPU.
  memorySize: z.int().min(128).max(10_240).default(512).describe("Memory of the function, in MB."),
  // Lambda's largest. While a destination is down, a handler waits inside its invocation, which keeps the order and uses up
  // one of the mapping's attempts instead of one a second. At 512 MB a shard's hour of waiting costs $0.024, and each shard
  // has one invocation under way (times `parallelizationFactor`), which counts towards the account's concurrency. A repaired
  // grant or table is noticed within half a minute; a new function configuration only by the next invocation.
  timeout: z
    .int()
    .min(1)
    .max(900)
    .default(900)
    .describe(
      "Seconds that an invocation may take. While a destination is down, the function waits for so long before it uses up one of `mapping.maximumRetryAttempts`.",
    ),
  logRetentionDays: z
    .literal([...retentions])
    .default(30)
    .describe("Days that the function's log is kept."),
  logLevel: z
    .enum(["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"])
    .default("INFO")
    .describe("The least severe log lines that are kept. The line that each batch writes is INFO."),
  reservedConcurrentExecutions: z
    .int()
    .min(1)
    .max(mostConcurrency)
    .optional()
    .describe("Concurrency set aside for, and at most used by, the function. Too little throttles its shards."),
});

/** The Lambda function of a consumer, defaults applied. */
export type FunctionSettings = z.output<typeof functionSchema>;
