import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Kind, Sink, Surroundings } from "./kind.ts";
import { longestRetention, SecureQueue } from "./secure-queue.ts";
import { imagesSchema } from "./settings/images.ts";
import { foreignKey, kmsKeyArn } from "./settings/kms-key.ts";
import type { Problem } from "./settings/problem.ts";
import { queueUrl, readQueueArn } from "./sqs/queue-arn.ts";

/** What holds for a queue that is made here, unless the stack says otherwise. */
const defaults = { fifo: true, messageRetentionSeconds: 345_600, visibilityTimeoutSeconds: 30, maxReceiveCount: 5 };

const schema = z.strictObject({
  queueArn: z
    .string()
    .refine((arn) => readQueueArn(arn) !== undefined)
    .optional()
    .meta({
      allowed: "the ARN of a queue in the stack's Region, such as arn:aws:sqs:us-east-1:111122223333:orders.fifo",
    })
    .describe("An existing queue, instead of a new one. A name that ends in `.fifo` makes it FIFO."),
  encryptionKey: kmsKeyArn.optional().describe("The KMS key of the existing queue, if it has one of yours."),
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
});

type Settings = z.output<typeof schema>;

/** A queue with a message for every change: FIFO by default, in order per item and free of duplicates inside SQS's window. */
export const sqs: Kind<typeof schema> = {
  schema,
  views: ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"],
  needsOwnConsumer: (settings) =>
    isFifo(settings)
      ? `${lateRepeat}; expected a consumer of its own, or ${settings.queueArn === undefined ? "`fifo: false`" : "a standard queue"}`
      : undefined,
  problems: (settings, { region }) =>
    settings.queueArn === undefined ? newQueueProblems(settings) : existingQueueProblems(settings, region),
  provision: (settings, surroundings) =>
    settings.queueArn === undefined
      ? newQueue(settings, surroundings)
      : existingQueue({ ...settings, queueArn: settings.queueArn }),
};

const lateRepeat =
  "what fails at one of them is delivered again to all, and once the 5 minutes are over in which SQS knows a duplicate, a FIFO queue would show older versions behind newer ones";

function isFifo({ queueArn, fifo }: Settings): boolean {
  return queueArn === undefined ? (fifo ?? defaults.fifo) : queueArn.endsWith(".fifo");
}

function newQueueProblems({ encryptionKey }: Settings): Problem[] {
  if (encryptionKey === undefined) return [];
  const message = "is for an existing queue (queueArn); a new queue is encrypted with SQS's own key";
  return [{ path: "encryptionKey", message }];
}

function existingQueueProblems(settings: Settings, region: string | undefined): Problem[] {
  const beside = (Object.keys(defaults) as (keyof typeof defaults)[]).filter((key) => settings[key] !== undefined);
  const problems: Problem[] = beside.map((path) => ({
    path,
    message: "says how to make a queue, but queueArn names one that exists; expected one of the two",
  }));
  const queue = readQueueArn(settings.queueArn!)!;
  problems.push(...foreignKey(settings.encryptionKey, queue.region, "queue"));
  if (region !== undefined && queue.region !== region)
    problems.push({
      path: "queueArn",
      message: `the queue is in ${queue.region}; expected one in the stack's Region ${region}`,
    });
  return problems;
}

function newQueue(settings: Settings, { name, parent }: Surroundings): Sink {
  const fifo = isFifo(settings);
  const maxReceiveCount = settings.maxReceiveCount ?? defaults.maxReceiveCount;
  const child = { parent };
  // SQS takes a FIFO queue's dead letters into a FIFO queue only.
  const dead = new SecureQueue(`${name}-dead-letters`, { fifo, messageRetentionSeconds: longestRetention }, child);
  const queue = new SecureQueue(
    `${name}-queue`,
    {
      fifo,
      messageRetentionSeconds: settings.messageRetentionSeconds ?? defaults.messageRetentionSeconds,
      visibilityTimeoutSeconds: settings.visibilityTimeoutSeconds ?? defaults.visibilityTimeoutSeconds,
      redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: dead.arn, maxReceiveCount }),
    },
    child,
  );
  new aws.sqs.RedriveAllowPolicy(
    `${name}-dead-letters-redrive`,
    {
      queueUrl: dead.url,
      redriveAllowPolicy: pulumi.jsonStringify({ redrivePermission: "byQueue", sourceQueueArns: [queue.arn] }),
    },
    child,
  );
  return {
    settings: { queueUrl: queue.url, fifo, images: settings.images },
    grants: [{ actions: ["sqs:SendMessage"], resources: [queue.arn] }],
    dependsOn: [queue],
    outputs: {
      queueUrl: queue.url,
      queueArn: queue.arn,
      deadLetterQueueUrl: dead.url,
      deadLetterQueueArn: dead.arn,
    },
  };
}

function existingQueue(settings: Settings & { queueArn: string }): Sink {
  const { queueArn, encryptionKey, images } = settings;
  const queue = readQueueArn(queueArn)!;
  const url = queueUrl(queue);
  return {
    settings: { queueUrl: url, fifo: isFifo(settings), images },
    grants: [
      { actions: ["sqs:SendMessage"], resources: [queueArn] },
      // What AWS asks of a sender to a queue that is encrypted with a key of the account's.
      ...(encryptionKey === undefined
        ? []
        : [{ actions: ["kms:GenerateDataKey", "kms:Decrypt"], resources: [encryptionKey] }]),
    ],
    dependsOn: [],
    outputs: { queueUrl: pulumi.output(url), queueArn: pulumi.output(queueArn) },
  };
}
