import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Kind, ProvisionContext, Sink } from "../kind.ts";
import { ClaimBucket, canBeOversize, claimCheckIn } from "../parts/claim-check.ts";
import { longestBucketName, longestName } from "../parts/longest-name.ts";
import { longestRetention, SecureQueue } from "../parts/secure-queue.ts";
import { problems } from "./sqs/problems.ts";
import { defaults, isFifo, queueUrl, type Settings, settingsSchema } from "./sqs/settings.ts";

/** A queue with a message for every change: FIFO by default, in order per item and free of duplicates inside SQS's window. */
export const sqs: Kind<typeof settingsSchema> = {
  schema: settingsSchema,
  views: ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"],
  needsOwnConsumer: (settings) =>
    isFifo(settings)
      ? `${lateRepeat}; expected a consumer of its own, or ${settings.queueArn === undefined ? "`fifo: false`" : "a standard queue"}`
      : undefined,
  // Two consumers would overtake each other, and SQS would drop what the second sends of a change as a duplicate of the first.
  // In a standard queue each message says which event it is, and which version.
  exclusiveTarget: (settings) =>
    settings.queueArn !== undefined && isFifo(settings) ? `the FIFO queue ${settings.queueArn}` : undefined,
  problems,
  late(settings, name) {
    const { queueArn, maximumMessageSize } = settings;
    const claims = longestBucketName(`${name}-claims`);
    if (queueArn === undefined)
      return [queueUrlLength(longestName(`${name}-queue`, 80, isFifo(settings) ? ".fifo" : "")), claims];
    const url = queueUrl(queueArn).length;
    return [url, ...(maximumMessageSize === undefined ? [String(largest).length] : []), claims];
  },
  provision(settings, context) {
    const sink =
      settings.queueArn === undefined
        ? newQueue(settings, context)
        : existingQueue({ ...settings, queueArn: settings.queueArn }, context);
    return canBeOversize(context.source.view) ? withClaimCheck(sink, settings, context) : sink;
  },
};

/** The most bytes that SQS takes of a message. */
const largest = 1_048_576;

/** The length of a queue's URL, where its Region's name is as long as any. */
function queueUrlLength(nameLength: number): number {
  const oneLetter = queueUrl("arn:aws-cn:sqs:cn-northwest-1:111122223333:q");
  return oneLetter.length - 1 + nameLength;
}

const lateRepeat =
  "what fails at one of them is delivered again to all, and once the 5 minutes are over in which SQS knows a duplicate, a FIFO queue would show older versions behind newer ones";

/** A sink whose settings can still be added to. */
interface QueueSink extends Sink {
  readonly settings: Record<string, unknown>;
}

function newQueue(settings: Settings, { name, parent }: ProvisionContext): QueueSink {
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

function existingQueue(settings: Settings & { queueArn: string }, { name, parent }: ProvisionContext): QueueSink {
  const { queueArn, encryptionKey, images } = settings;
  const url = queueUrl(queueArn);
  const maximumMessageSize =
    settings.maximumMessageSize ?? aws.sqs.Queue.get(`${name}-queue`, url, undefined, { parent }).maxMessageSize;
  return {
    settings: { queueUrl: pulumi.output(url), fifo: isFifo(settings), images, maximumMessageSize },
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

/** The destination with a bucket for what no message can hold. */
function withClaimCheck(sink: QueueSink, settings: Settings, { name, parent }: ProvisionContext): Sink {
  const bucket = new ClaimBucket(
    `${name}-claims`,
    {
      days: settings.claimCheckDays,
      // An existing queue outlives the stack, with messages that point here.
      forceDestroy: settings.queueArn === undefined,
      encryptionKey: settings.encryptionKey,
    },
    { parent },
  );
  const claimCheck = claimCheckIn(bucket);
  return {
    settings: { ...sink.settings, claims: claimCheck.settings },
    grants: [...sink.grants, claimCheck.grant],
    dependsOn: [...sink.dependsOn, ...bucket.ready],
    outputs: { ...sink.outputs, claimBucket: bucket.bucket },
  };
}
