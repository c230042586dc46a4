import { z } from "zod";

const unlimited = z.literal(-1);

/**
 * The event source mapping of a consumer, in AWS's names and ranges.
 * Tumbling windows are left out: they are for aggregation with state between invocations, which handlers do not keep.
 */
export const mappingSchema = z.strictObject({
  batchSize: z
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .describe("Changes per invocation, at most. Lambda also stops at 6 MB."),
  maximumBatchingWindowInSeconds: z
    .int()
    .min(0)
    .max(300)
    .default(0)
    .describe("Seconds to wait for a fuller batch; 0 delivers as soon as anything is there."),
  parallelizationFactor: z
    .int()
    .min(1)
    .max(10)
    .default(1)
    .describe("Batches of a shard that run at once. The order of each item is kept."),
  // A handler returns at once what its destination refuses, so a bad change holds its shard for the bisecting and six
  // attempts: seconds, plus Lambda's pauses between attempts, for which AWS publishes no figures. The handler waits for
  // everything else within its invocation. An outage thus uses up one attempt per `function.timeout`, and six attempts of
  // 900 seconds are 90 minutes for a single change. A batch lasts longer, since bisecting uses up no attempts: of 100 changes
  // the first is given up after 7 + 6 invocations, 3 1/4 hours. More attempts would let a bad change hold its shard for
  // longer and gain little, because the record age ends an outage of half a day.
  maximumRetryAttempts: z
    .union([unlimited, z.int().min(0).max(10_000)])
    .default(5)
    .meta({ allowed: "a whole number from 0 to 10000, or -1 for no limit" })
    .describe(
      "How often a failing change is tried again before it goes to the failure queue: within seconds if the destination refuses it, once per `function.timeout` while the destination is down. Throttled invocations do not count.",
    ),
  // Twelve of the stream's 24 hours. It ends what the attempts do not: throttled invocations, attempts without limit, and an
  // outage so long that the stream would trim changes while others are delivered one at a time. The other twelve hours are
  // for reading the records of a message in the failure queue back from the stream.
  maximumRecordAgeInSeconds: z
    .union([unlimited, z.int().min(60).max(604_800)])
    .default(43_200)
    .meta({ allowed: "a whole number from 60 to 604800, or -1 for no limit" })
    .describe(
      "Age at which a change that could not be delivered goes to the failure queue. The stream itself keeps 86400 seconds: what is older cannot be read back, so an age of as much is no limit, and then `maximumRetryAttempts` must be one.",
    ),
  bisectBatchOnFunctionError: z
    .boolean()
    .default(true)
    .describe("Split a batch whose invocation failed, so that one bad record is found and its neighbours arrive."),
  // LATEST is not the default: Lambda takes minutes to begin, and would skip what is written until then.
  startingPosition: z
    .enum(["TRIM_HORIZON", "LATEST"])
    .default("TRIM_HORIZON")
    .describe(
      "Where a new mapping begins; later changes of it have no effect. LATEST misses the changes made while it is being created.",
    ),
  enabled: z
    .boolean()
    .default(true)
    .describe("Whether changes are delivered. Off keeps the place, for as long as the stream keeps its records."),
});

/** The event source mapping of a consumer, defaults applied. */
export type MappingSettings = z.output<typeof mappingSchema>;
