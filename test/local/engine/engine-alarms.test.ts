import { GetTopicAttributesCommand, ListSubscriptionsByTopicCommand, ListTopicsCommand } from "@aws-sdk/client-sns";
import { expect } from "chai";
import { type Engine, type Progress, up } from "../../../local/engine/engine.ts";
import { sharedDynamoDb } from "../../support/dynamodb.ts";

describe("the dev stack with alarms on this machine", () => {
  let engine: Engine | undefined;
  afterEach(() => engine?.down());

  it("comes up with its alarms and a topic that would tell a person", async function () {
    this.timeout(60_000);
    const { endpoint } = await sharedDynamoDb();
    const types: string[] = [];
    const problems: string[] = [];
    engine = await up({
      dynamoDbEndpoint: endpoint,
      config: { alarms: { email: "a@example.com" } },
      onProgress: (event: Progress) => void (event.kind === "resource" && types.push(event.type)),
      onProblem: (text) => void problems.push(text),
    });
    expect(problems).to.deep.equal([]);
    expect(types.filter((type) => type === "aws:sns/topic:Topic")).to.have.length(1);
    expect(types.filter((type) => type === "aws:cloudwatch/metricAlarm:MetricAlarm")).not.to.be.empty;
    const { sns } = engine.clients;
    const [topic] = (await sns.send(new ListTopicsCommand({}))).Topics!;
    const { TopicArn } = topic!;
    expect((await sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes?.TopicArn).to.equal(TopicArn);
    const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(Subscriptions?.map(({ Protocol, Endpoint }) => [Protocol, Endpoint])).to.deep.equal([
      ["email", "a@example.com"],
    ]);
  });
});
