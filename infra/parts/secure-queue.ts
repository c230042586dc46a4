import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** 14 days, SQS's longest: for messages that wait for a person. */
export const longestRetention = 1_209_600;

/** What a queue may say beyond its encryption, its policy and its name. */
interface SecureQueueArgs {
  /** Seconds that a message is kept, 60 to 1,209,600. */
  readonly messageRetentionSeconds: number;
  /** Whether it keeps order per message group. @default false */
  readonly fifo?: boolean;
  /** Seconds that a received message is hidden from other readers. @default 30, SQS's own */
  readonly visibilityTimeoutSeconds?: number;
  /** Where messages go that were received too often. */
  readonly redrivePolicy?: pulumi.Input<string>;
}

/** An SQS queue that is encrypted, takes messages of up to 1 MiB, and is reached over TLS only. */
export class SecureQueue extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: SecureQueueArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fanout:index:SecureQueue", name, {}, opts);
    const { fifo = false, visibilityTimeoutSeconds, redrivePolicy } = args;
    const queue = new aws.sqs.Queue(
      name,
      {
        // High throughput: order and duplicates are a matter of each message group, not of the whole queue.
        ...(fifo
          ? { fifoQueue: true, deduplicationScope: "messageGroup", fifoThroughputLimit: "perMessageGroupId" }
          : {}),
        messageRetentionSeconds: args.messageRetentionSeconds,
        // SQS's largest. Set explicitly, because queues made by older tools have 256 KiB.
        maxMessageSize: 1_048_576,
        sqsManagedSseEnabled: true,
        ...(visibilityTimeoutSeconds === undefined ? {} : { visibilityTimeoutSeconds }),
        ...(redrivePolicy === undefined ? {} : { redrivePolicy }),
      },
      { parent: this },
    );
    new aws.sqs.QueuePolicy(`${name}-policy`, { queueUrl: queue.url, policy: tlsOnly(queue.arn) }, { parent: this });
    this.arn = queue.arn;
    this.url = queue.url;
    this.name = queue.name;
    this.registerOutputs({ arn: this.arn, url: this.url, name: this.name });
  }
}

function tlsOnly(arn: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*", // of a denial: whatever SQS may learn to do
        Resource: arn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}
