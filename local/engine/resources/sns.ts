import { CreateTopicCommand, GetTopicAttributesCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import type * as aws from "@pulumi/aws";
import { UserError } from "../../../terminal/user-error.ts";
import { account, physicalName } from "../aws.ts";
import { engine } from "../gateway/service-call.ts";
import { accept, idOf, type LocalResource, placeholder } from "../resource.ts";

/** Which protocols report deliveries to CloudWatch, of which there is none here. */
const feedback = ["application", "firehose", "http", "lambda", "sqs"] as const;
const feedbackArguments = feedback.flatMap(
  (protocol) =>
    [
      `${protocol}FailureFeedbackRoleArn`,
      `${protocol}SuccessFeedbackRoleArn`,
      `${protocol}SuccessFeedbackSampleRate`,
    ] as const,
);

/** A topic in fauxqs. */
export const topic: LocalResource = {
  async create(registration, world) {
    const args = accept<aws.sns.TopicArgs>(registration, {
      used: ["contentBasedDeduplication", "fifoTopic", "name", "namePrefix"],
      ignored: [
        ...feedbackArguments,
        "deliveryPolicy", // for HTTP only
        "displayName",
        "fifoThroughputScope",
        "kmsMasterKeyId",
        "policy",
        "signatureVersion",
        "tags",
        "tracingConfig",
      ],
    });
    const fifo = args.fifoTopic === true;
    const name = physicalName(registration, { limit: 256, ...(fifo ? { suffix: ".fifo" } : {}) });
    const Attributes = {
      ...(fifo
        ? { FifoTopic: "true", ContentBasedDeduplication: String(args.contentBasedDeduplication ?? false) }
        : {}),
    };
    const { sns } = world.clientsAs(engine, registration.region);
    const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: name, Attributes }));
    return { id: TopicArn, outputs: { arn: TopicArn, name, owner: account } };
  },
  async read(arn, { region }, world) {
    const { sns } = world.clientsAs(engine, region);
    await sns.send(new GetTopicAttributesCommand({ TopicArn: arn }));
    return { id: arn, outputs: { arn, name: arn.split(":").at(-1), owner: account } };
  },
};

/** People cannot be reached from this machine: a subscription of theirs is accepted, and sends nothing. */
const people = ["email", "email-json", "sms"];

/** A subscription: messages go to SQS queues; people get none. */
export const topicSubscription: LocalResource = {
  async create(registration, world) {
    const args = accept<aws.sns.TopicSubscriptionArgs>(registration, {
      used: [
        "endpoint",
        "filterPolicy",
        "filterPolicyScope",
        "protocol",
        "rawMessageDelivery",
        "redrivePolicy",
        "topic",
      ],
      // For HTTP only.
      ignored: ["confirmationTimeoutInMinutes", "deliveryPolicy", "endpointAutoConfirms"],
    });
    const { protocol, endpoint } = args;
    if (protocol !== "sqs" && !people.includes(protocol)) {
      throw new UserError(
        `\`protocol\` is ${protocol}: on this machine, topics deliver to SQS queues only (and ${people.join(", ")} are accepted, and send nothing). Subscribe a queue instead.`,
      );
    }
    if (args.redrivePolicy !== undefined) {
      throw new UserError(
        "`redrivePolicy` is for messages that cannot be delivered, and a queue on this machine takes every one. Leave it out of this stack.",
      );
    }
    const Attributes: Record<string, string> = {
      ...(args.rawMessageDelivery === true ? { RawMessageDelivery: "true" } : {}),
      ...(args.filterPolicy === undefined ? {} : { FilterPolicy: args.filterPolicy }),
      ...(args.filterPolicyScope === undefined ? {} : { FilterPolicyScope: args.filterPolicyScope }),
    };
    const TopicArn = await idOf(args.topic, "topic");
    const { sns } = world.clientsAs(engine, registration.region);
    const { SubscriptionArn = "" } = await sns.send(
      new SubscribeCommand({
        TopicArn,
        Protocol: protocol,
        Endpoint: endpoint,
        Attributes,
        ReturnSubscriptionArn: true,
      }),
    );
    const outputs = {
      arn: SubscriptionArn,
      ownerId: account,
      confirmationWasAuthenticated: protocol === "sqs",
      pendingConfirmation: protocol !== "sqs",
    };
    return { id: SubscriptionArn, outputs };
  },
};

/** Who may publish is not restricted by a topic's own policy here. */
export const topicPolicy = placeholder<aws.sns.TopicPolicyArgs>(["arn", "policy"], (_, { arn }) => ({
  id: arn,
  outputs: { owner: account },
}));
