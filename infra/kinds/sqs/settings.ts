import { z } from "zod";
import { longestRetention } from "../../parts/secure-queue.ts";
import { arnOf, readArn } from "../../settings/arn.ts";
import { imagesSchema, kmsKeyArn } from "../../settings/fields.ts";
import { partitionOf } from "../../settings/regions.ts";

/** What holds for a queue that is made here, unless the stack says otherwise. */
export const defaults = {
  fifo: true,
  messageRetentionSeconds: 345_600,
  visibilityTimeoutSeconds: 30,
  maxReceiveCount: 5,
};

/** What `destinations.<name>` may say for kind `sqs`. */
export const settingsSchema = z.strictObject({
  queueArn: arnOf(
    "sqs",
    /^(?=.{1,80}$)[A-Za-z0-9_-]+(\.fifo)?$/,
    "the ARN of a queue in the stack's Region, such as arn:aws:sqs:us-east-1:111122223333:orders.fifo",
  )
    .optional()
    .describe(
      "An existing queue, instead of a new one. A name that ends in `.fifo` makes it FIFO; no other destination of the stack may have it then.",
    ),
  encryptionKey: kmsKeyArn
    .optional()
    .describe(
      "The KMS key of the existing queue, if it has one of yours. It encrypts the bodies too that no message can hold.",
    ),
  maximumMessageSize: z
    .int()
    .min(1_024)
    .max(1_048_576)
    .optional()
    .describe(
      "Most bytes of a message that the existing queue takes. Without it, the queue is asked at each deployment, for which whoever deploys needs `sqs:GetQueueAttributes` and `sqs:ListQueueTags` on it.",
    ),
  images: imagesSchema,
  fifo: z
    .boolean()
    .optional()
    .meta({ default: defaults.fifo })
    .describe(
      "Whether the new queue keeps the order of each item's changes, for which it needs a consumer of its own. Changing it replaces the queue: unread messages are deleted, and earlier changes do not come again.",
    ),
  messageRetentionSeconds: z
    .int()
    .min(60)
    .max(longestRetention)
    .optional()
    .meta({ default: defaults.messageRetentionSeconds })
    .describe("Seconds that the new queue keeps a message that nobody deletes."),
  visibilityTimeoutSeconds: z
    .int()
    .min(0)
    .max(43_200)
    .optional()
    .meta({ default: defaults.visibilityTimeoutSeconds })
    .describe("Seconds that a reader of the new queue has for a message before others see it again."),
  maxReceiveCount: z
    .int()
    .min(1)
    .max(1_000)
    .optional()
    .meta({ default: defaults.maxReceiveCount })
    .describe(
      "Times that a message is received, and not deleted, before it goes to the new queue's dead-letter queue.",
    ),
  // A new queue keeps a message for up to 14 days, and the dead-letter queue of a FIFO one for as many again.
  claimCheckDays: z
    .int()
    .min(1)
    .max(3650)
    .default(30)
    .describe(
      "Days for which the bodies of changes that no message can hold are kept in a bucket that is made for them: as long as the queue keeps messages, and its dead-letter queue after it. Without effect where the stream carries keys only.",
    ),
});

/** The settings of kind `sqs`, checked and with defaults applied. */
export type Settings = z.output<typeof settingsSchema>;

/** Whether the queue keeps the order of each item's changes. */
export function isFifo({ queueArn, fifo }: Settings): boolean {
  return queueArn === undefined ? (fifo ?? defaults.fifo) : queueArn.endsWith(".fifo");
}

/** The URL of a queue, which SQS makes of the same parts as its ARN. */
export function queueUrl(queueArn: string): string {
  const { region, account, resource } = readArn(queueArn, "sqs")!; // of the form that the schema demands
  return `https://sqs.${region}.${partitionOf(region).domain}/${account}/${resource}`;
}
