import { expect } from "chai";
import { type Graph, graph } from "../../support/graph.ts";

const source = { hashKey: { name: "id", type: "S" } };
const destinations = { events: { kind: "sqs" } };
const type = "aws:cloudwatch/metricAlarm:MetricAlarm";
const topicArn = "arn:aws:sns:us-east-1:111122223333:operators";
const made = "arn:aws:sns:us-east-1:111122223333:fanout-alarms-1234567";
/** The stack with one consumer and these alarms. */
const withAlarms = (alarms?: object, more: object = {}) =>
  graph({ config: { source, destinations, ...(alarms === undefined ? {} : { alarms }), ...more } });

describe("the alarms' topic", () => {
  let mailed: Graph;
  before(async () => {
    mailed = await withAlarms({ email: "operators@example.com" });
  });

  it("is made for an e-mail address, with one subscription, and told when an alarm begins and ends", () => {
    expect(mailed.of("aws:sns/topic:Topic").map(({ name, inputs }) => [name, inputs])).to.deep.equal([
      ["fanout-alarms", {}],
    ]);
    expect(mailed.of("aws:sns/topicSubscription:TopicSubscription").map(({ inputs }) => inputs)).to.deep.equal([
      { topic: made, protocol: "email", endpoint: "operators@example.com" },
    ]);
    for (const { inputs } of mailed.of(type))
      expect(inputs).to.deep.include({ alarmActions: [made], okActions: [made] });
    expect(mailed.outputs?.alarms).to.deep.equal({ topicArn: made });
    expect(mailed.named("fanout-alarms", "aws:sns/topic:Topic").parent).to.equal("fanout-alarms");
    expect(mailed.named("fanout-alarms", "fanout:index:AlarmTopic").parent).to.equal("fanout");
  });

  it("admits the alarms of its own account and Region, nobody else, and only over TLS", () => {
    const policies = mailed.of("aws:sns/topicPolicy:TopicPolicy");
    expect(policies).to.have.lengthOf(1);
    const { arn, policy } = policies[0]!.inputs;
    expect(arn).to.equal(made);
    expect(JSON.parse(String(policy))).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "PublishAlarms",
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: "sns:Publish",
          Resource: made,
          Condition: {
            StringEquals: { "aws:SourceAccount": "111122223333" },
            ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:us-east-1:111122223333:alarm:*" },
          },
        },
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "sns:Publish",
          Resource: made,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });

  it("has its policy before anybody hears of it", () => {
    expect(mailed.named("fanout-alarms-email").waitsFor).to.include("fanout-alarms-policy");
  });

  it("is one of the user's, if they name it", async () => {
    const found = await withAlarms({ topicArn });
    for (const { inputs } of found.of(type))
      expect(inputs).to.deep.include({ alarmActions: [topicArn], okActions: [topicArn] });
    expect(found.resources.filter(({ type }) => /sns|AlarmTopic/.test(type))).to.deep.equal([]);
    expect(found.outputs?.alarms).to.deep.equal({ topicArn });
  });

  it("is in a preview too, with every alarm", async () => {
    const config = { source, destinations, alarms: { email: "operators@example.com" } };
    const preview = await graph({ config, preview: true });
    const names = (of: Graph) => of.resources.map(({ type, name, parent }) => `${type} ${name} in ${parent}`).sort();
    expect(names(preview)).to.deep.equal(names(mailed));
  });
});
