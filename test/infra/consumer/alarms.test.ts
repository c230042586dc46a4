import { expect } from "chai";
import { type Graph, graph } from "../../support/graph.ts";
import type { Recorded } from "../../support/graph-recording.ts";

const source = { hashKey: { name: "id", type: "S" } };
const destinations = { events: { kind: "sqs" } };
const type = "aws:cloudwatch/metricAlarm:MetricAlarm";
/** The stack with one consumer and these alarms. */
const withAlarms = (alarms?: object, more: object = {}) =>
  graph({ config: { source, destinations, ...(alarms === undefined ? {} : { alarms }), ...more } });
const alarm = (of: Graph, name: string): Recorded => of.named(`fanout-events-alarm-${name}`, type);
const description = (of: Graph, name: string) => String(alarm(of, name).inputs.alarmDescription);
const destinationsOf = ({ outputs = {} }: Graph) =>
  outputs.destinations as Readonly<Record<string, Readonly<Record<string, unknown>>>>;

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

  it("belong to their consumer, wait for what they watch, and do nothing unless somebody is to be notified", () => {
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
