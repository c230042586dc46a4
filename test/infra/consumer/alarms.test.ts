import { expect } from "chai";
import { type Graph, graph, type Recorded } from "../../support/graph.ts";
import { refusal } from "../../support/refusal.ts";

const source = { hashKey: { name: "id", type: "S" } };
const destinations = { events: { kind: "sqs" } };
const type = "aws:cloudwatch/metricAlarm:MetricAlarm";
const topicArn = "arn:aws:sns:us-east-1:111122223333:operators";
const made = "arn:aws:sns:us-east-1:111122223333:fanout-alarms-1234567";

/** The stack with one consumer and these alarms. */
const withAlarms = (alarms?: object, more: object = {}) =>
  graph({ config: { source, destinations, ...(alarms === undefined ? {} : { alarms }), ...more } });
const alarm = (of: Graph, name: string): Recorded => of.named(`fanout-events-alarm-${name}`, type);
const description = (of: Graph, name: string) => String(alarm(of, name).inputs.alarmDescription);
const destinationsOf = ({ outputs = {} }: Graph) =>
  outputs.destinations as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
const refused = (alarms: unknown) => refusal({ source, destinations, alarms });

describe("a consumer's alarms", () => {
  let plain: Graph;
  before(async () => {
    plain = await withAlarms();
  });

  it("are six, each of exactly this metric", () => {
    const ofQueue = { namespace: "AWS/SQS", dimensions: { QueueName: "fanout-events-failures-1234567" } };
    const ofFunction = { namespace: "AWS/Lambda", dimensions: { FunctionName: "fanout-events-function-1234567" } };
    const common = { comparisonOperator: "GreaterThanOrEqualToThreshold", treatMissingData: "notBreaching" };
    const one = { ...common, period: 300, evaluationPeriods: 1, datapointsToAlarm: 1 };
    const expected = {
      failures: {
        ...ofQueue,
        ...one,
        metricName: "ApproximateNumberOfMessagesVisible",
        statistic: "Maximum",
        threshold: 1,
      },
      "oldest-failure": {
        ...ofQueue,
        ...one,
        metricName: "ApproximateAgeOfOldestMessage",
        statistic: "Maximum",
        threshold: 14_400,
      },
      "iterator-age": {
        ...ofFunction,
        ...common,
        metricName: "IteratorAge",
        statistic: "Maximum",
        threshold: 1_800_000,
        period: 900,
        evaluationPeriods: 3,
        datapointsToAlarm: 1,
      },
      errors: {
        ...ofFunction,
        ...common,
        metricName: "Errors",
        statistic: "Sum",
        threshold: 1,
        period: 900,
        evaluationPeriods: 5,
        datapointsToAlarm: 3,
      },
      throttles: {
        ...ofFunction,
        ...common,
        metricName: "Throttles",
        statistic: "Sum",
        threshold: 1,
        period: 300,
        evaluationPeriods: 3,
        datapointsToAlarm: 3,
      },
      lost: { ...ofFunction, ...one, metricName: "DestinationDeliveryFailures", statistic: "Sum", threshold: 1 },
    };
    const alarms = plain.of(type).map(({ name, inputs: { alarmDescription: _, ...inputs } }) => [name, inputs]);
    expect(Object.fromEntries(alarms)).to.deep.equal(
      Object.fromEntries(Object.entries(expected).map(([name, inputs]) => [`fanout-events-alarm-${name}`, inputs])),
    );
  });

  it("tell what they mean and what to do, within CloudWatch's limit", () => {
    for (const { inputs } of plain.of(type)) {
      const text = String(inputs.alarmDescription);
      expect(text).to.match(/: npm run redrive -- --stack test$/);
      expect(text).to.match(/^[\x20-\x7e]{100,1024}$/);
    }
    expect(description(plain, "failures")).to.equal(
      "Changes could not be delivered and wait in the failure queue. The function's log has their sequence numbers and the " +
        "reason. Mend it, then bring them back before the stream forgets them, 24 hours after they were made: npm run redrive -- --stack test",
    );
    expect(description(plain, "iterator-age")).to.match(/^The function is 30 minutes behind the table/);
  });

  it("belong to their consumer, wait for what they watch, and do nothing unless somebody is to be told", () => {
    for (const { parent, inputs } of plain.of(type)) {
      expect(parent).to.equal("fanout-events");
      expect(inputs).to.not.have.any.keys("alarmActions", "okActions", "insufficientDataActions", "actionsEnabled");
    }
    expect(alarm(plain, "lost").waitsFor).to.include("fanout-events-function");
    expect(alarm(plain, "failures").waitsFor).to.include("fanout-events-failures");
    expect(plain.resources.filter(({ type }) => /sns|kms|AlarmTopic/.test(type))).to.deep.equal([]);
    expect(plain.outputs?.alarms).to.deep.equal({});
  });

  it("need no metric that must be asked for", () => {
    expect(plain.named("fanout-events-mapping").inputs).to.not.have.property("metricsConfig");
  });

  for (const [maximumRecordAgeInSeconds, oldestFailureHours, sentence] of [
    [43_200, undefined, "The stream forgets its changes in 8 hours or more."],
    [3_600, 6, "The stream forgets its changes in 17 hours or more."],
    [79_200, 1, "The stream forgets its changes in 1 hour or more."],
    [79_200, 2, "The stream may have forgotten its changes already."],
    [-1, 1, "The stream may have forgotten its changes already."],
  ] as const)
    it(`say how long is left with ${oldestFailureHours ?? 4} hours and a record age of ${maximumRecordAgeInSeconds}`, async () => {
      const mapping = { maximumRecordAgeInSeconds };
      const alarms = oldestFailureHours === undefined ? {} : { oldestFailureHours };
      const found = await withAlarms(alarms, { destinations: { events: { kind: "sqs", mapping } } });
      expect(description(found, "oldest-failure")).to.contain(sentence);
      expect(alarm(found, "oldest-failure").inputs.threshold).to.equal((oldestFailureHours ?? 4) * 3600);
    });

  it("take another iterator age", async () => {
    const found = await withAlarms({ iteratorAgeMinutes: 5 });
    expect(alarm(found, "iterator-age").inputs.threshold).to.equal(300_000);
    expect(description(found, "iterator-age")).to.match(/^The function is 5 minutes behind/);
  });

  it("can be switched off, and then there is no topic either", async () => {
    const off = await withAlarms({ enabled: false, email: "operators@example.com" });
    expect(off.resources.filter(({ type }) => /metricAlarm|sns|AlarmTopic/.test(type))).to.deep.equal([]);
    expect(off.outputs?.alarms).to.deep.equal({});
    expect(destinationsOf(off).events?.alarms).to.deep.equal({});
  });

  it("are made once for destinations that share a consumer", async () => {
    const shared = {
      destinations: { a: { kind: "replica", consumer: "both" }, b: { kind: "replica", consumer: "both" } },
    };
    const found = await withAlarms({}, shared);
    expect(found.of(type)).to.have.lengthOf(6);
    const { a, b } = destinationsOf(found);
    expect(a?.alarms).to.have.property("lost", "fanout-both-alarm-lost-1234567");
    expect(b?.alarms).to.deep.equal(a?.alarms);
  });
});

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

describe("the configuration of alarms", () => {
  it("says all that is wrong at once", async () => {
    expect(
      await refused({
        enabled: "no",
        email: "operators",
        topicArn: "operators",
        oldestFailureHours: 24,
        iteratorAgeMinutes: 0,
        mail: "a@example.com",
      }),
    ).to.deep.equal([
      'alarms.enabled: "no" is not allowed; expected true or false',
      'alarms.email: "operators" is not allowed; expected an e-mail address',
      'alarms.topicArn: "operators" is not allowed; expected the ARN of an SNS topic, such as arn:aws:sns:us-east-1:111122223333:operators',
      "alarms.oldestFailureHours: 24 is not allowed; expected a whole number from 1 to 23",
      "alarms.iteratorAgeMinutes: 0 is not allowed; expected a whole number from 1 to 1440",
      "alarms.mail: is not a setting; did you mean `email`?",
    ]);
    expect(await refused("a@example.com")).to.deep.equal([
      'alarms: "a@example.com" is not allowed; expected settings (enabled, email, topicArn, oldestFailureHours, iteratorAgeMinutes)',
    ]);
  });

  it("takes one topic or one address, and a topic that an alarm can reach", async () => {
    const elsewhere = "arn:aws:sns:eu-west-1:111122223333:operators.fifo";
    expect(await refused({ email: "operators@example.com", topicArn: elsewhere })).to.deep.equal([
      "alarms.email: asks for a topic to be made, but topicArn names one that exists; expected one of the two",
      "alarms.topicArn: the topic is a FIFO topic, which no alarm can notify; expected a standard one",
      "alarms.topicArn: the topic is in eu-west-1; expected one in us-east-1, where the alarms are",
    ]);
  });

  it("is refused beside what else is wrong", async () => {
    expect(await refusal({ source, destinations: { a: { kind: "sqss" } }, alarms: { email: 5 } })).to.deep.equal([
      "alarms.email: 5 is not allowed; expected an e-mail address",
      'destinations.a.kind: "sqss" is not a kind; did you mean `sqs`? expected one of redshift, sqs, replica',
    ]);
  });
});
