import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/**
 * A topic that sends alarms to a person by e-mail.
 *
 * It has no KMS key. CloudWatch cannot publish to a topic that `aws/sns` encrypts, since AWS's policy of that key does not
 * admit it and cannot be changed, and a key of its own would cost more per month than all of a consumer's alarms. A
 * notification has an alarm's name, text and value, and nothing of any item. A stack that must encrypt it can name a topic
 * of its own.
 * https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
 */
export class AlarmTopic extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: { readonly email: string }, opts?: pulumi.ComponentResourceOptions) {
    super("fanout:index:AlarmTopic", name, {}, opts);
    const child = { parent: this };
    const topic = new aws.sns.Topic(name, {}, child);
    const policy = new aws.sns.TopicPolicy(`${name}-policy`, { arn: topic.arn, policy: admitAlarms(topic.arn) }, child);
    new aws.sns.TopicSubscription(
      `${name}-email`,
      { topic: topic.arn, protocol: "email", endpoint: args.email },
      // Nothing is sent to the address before the policy is there.
      { ...child, dependsOn: [policy] },
    );
    this.arn = topic.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/** Lets the alarms of the topic's own account and Region publish, nobody else, and only over TLS. */
function admitAlarms(topicArn: pulumi.Output<string>): pulumi.Output<string> {
  return topicArn.apply((arn) => {
    const [, partition, , region, account] = arn.split(":");
    return JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "PublishAlarms",
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: "sns:Publish",
          Resource: arn,
          Condition: {
            StringEquals: { "aws:SourceAccount": account },
            ArnLike: { "aws:SourceArn": `arn:${partition}:cloudwatch:${region}:${account}:alarm:*` },
          },
        },
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          // SNS refuses a wildcard here: https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html
          Action: "sns:Publish",
          Resource: arn,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });
}
