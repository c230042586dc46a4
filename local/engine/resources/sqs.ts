import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type QueueAttributeName,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import type * as aws from "@pulumi/aws";
import { arn, physicalName } from "../aws.ts";
import { engine } from "../gateway/service-call.ts";
import { accept, type LocalResource, placeholder } from "../resource.ts";

/** The queue's attributes, by the arguments that set them. */
const attributes = {
  contentBasedDeduplication: "ContentBasedDeduplication",
  deduplicationScope: "DeduplicationScope",
  delaySeconds: "DelaySeconds",
  fifoQueue: "FifoQueue",
  fifoThroughputLimit: "FifoThroughputLimit",
  maxMessageSize: "MaximumMessageSize",
  messageRetentionSeconds: "MessageRetentionPeriod",
  receiveWaitTimeSeconds: "ReceiveMessageWaitTimeSeconds",
  redrivePolicy: "RedrivePolicy",
  visibilityTimeoutSeconds: "VisibilityTimeout",
} as const satisfies Partial<Record<keyof aws.sqs.QueueArgs, QueueAttributeName>>;

const named = Object.keys(attributes) as (keyof typeof attributes)[];

/** A queue in fauxqs. */
export const queue: LocalResource = {
  async create(registration, world) {
    const args = accept<aws.sqs.QueueArgs>(registration, {
      used: ["name", "namePrefix", ...named],
      ignored: [
        "kmsDataKeyReusePeriodSeconds",
        "kmsMasterKeyId",
        "policy",
        "redriveAllowPolicy",
        "sqsManagedSseEnabled",
        "tags",
      ],
    });
    const name = physicalName(registration, { limit: 80, ...(args.fifoQueue === true ? { suffix: ".fifo" } : {}) });
    const Attributes = Object.fromEntries(
      // SQS takes `FifoQueue` when it is true, and refuses it otherwise.
      named
        .filter((key) => args[key] !== undefined && !(key === "fifoQueue" && !args.fifoQueue))
        .map((key) => [attributes[key], text(args[key])]),
    );
    const { sqs } = world.clientsAs(engine, registration.region);
    const { QueueUrl: url } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
    return { id: url ?? "", outputs: { url, name, arn: arn("sqs", registration.region, name) } };
  },
  /** One that the program expects to find is made, and empty. */
  async read(url, { region }, world) {
    const [name, owner] = url.split("/").toReversed();
    await world.expectQueue(`arn:aws:sqs:${region}:${owner}:${name}`);
    const AttributeNames: QueueAttributeName[] = ["QueueArn", "MaximumMessageSize"];
    const { Attributes: found } = await world
      .clientsAs(engine, region)
      .sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames }));
    return { id: url, outputs: { url, name, arn: found?.QueueArn, maxMessageSize: Number(found?.MaximumMessageSize) } };
  },
};

/** A redrive policy that is set separately from its queue. */
export const redrivePolicy: LocalResource = {
  async create(registration, world) {
    const args = accept<aws.sqs.RedrivePolicyArgs>(registration, { used: ["queueUrl", "redrivePolicy"] });
    const Attributes = { RedrivePolicy: text(args.redrivePolicy) };
    await world
      .clientsAs(engine, registration.region)
      .sqs.send(new SetQueueAttributesCommand({ QueueUrl: args.queueUrl, Attributes }));
    return { id: args.queueUrl, outputs: {} };
  },
};

export const queuePolicy = placeholder<aws.sqs.QueuePolicyArgs>(["queueUrl", "policy"], (_, { queueUrl }) => ({
  id: queueUrl,
  outputs: {},
}));

export const redriveAllowPolicy = placeholder<aws.sqs.RedriveAllowPolicyArgs>(
  ["queueUrl", "redriveAllowPolicy"],
  (_, { queueUrl }) => ({ id: queueUrl, outputs: {} }),
);

function text(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
