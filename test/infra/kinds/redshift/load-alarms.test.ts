import { expect } from "chai";
import { type Graph, graph } from "../../../support/graph.ts";

const source = { hashKey: { name: "id", type: "S" } };
const type = "aws:cloudwatch/metricAlarm:MetricAlarm";
const topicArn = "arn:aws:sns:us-east-1:111122223333:operators";
const withWarehouse = (settings: object = {}, alarms: object = { topicArn }) =>
  graph({ config: { source, alarms, destinations: { log: { kind: "redshift", ...settings } } } });
const inputsOf = (made: Graph, what: string) => made.named(`fanout-log-alarm-${what}`, type).inputs;
const limits = (made: Graph) =>
  made
    .of("aws:redshiftserverless/usageLimit:UsageLimit")
    .map(({ name, inputs }) => [name, inputs.amount, inputs.breachAction]);

describe("a warehouse's alarms", () => {
  let made: Graph;
  before(async () => {
    made = await withWarehouse();
  });

  it("watch what the consumer's cannot see: loads that fail, changes that are not staged, records that are throttled", () => {
    const common = {
      namespace: "AWS/Firehose",
      dimensions: { DeliveryStreamName: "fanout-log-stream-1234567" },
      treatMissingData: "notBreaching",
      alarmActions: [topicArn],
      okActions: [topicArn],
    };
    const failed = {
      ...common,
      metricName: "DeliveryToRedshift.Success",
      statistic: "Minimum",
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
    };
    const tooMuch = {
      ...common,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      period: 300,
      evaluationPeriods: 3,
      datapointsToAlarm: 3,
    };
    const expected = {
      loads: { ...failed, period: 900, evaluationPeriods: 4, datapointsToAlarm: 2 },
      unloaded: { ...failed, period: 3600, evaluationPeriods: 168, datapointsToAlarm: 2 },
      staging: { ...tooMuch, metricName: "DeliveryToS3.DataFreshness", statistic: "Maximum", threshold: 1800 },
      throttled: { ...tooMuch, metricName: "ThrottledRecords", statistic: "Sum", threshold: 1 },
    };
    for (const [what, inputs] of Object.entries(expected)) {
      const { alarmDescription, ...rest } = inputsOf(made, what);
      expect(rest, what).to.deep.equal(inputs);
      expect(alarmDescription).to.match(/^[\x20-\x7e]{100,1024}$/);
    }
  });

  it("go off at the first failed load where Firehose does not repeat it for an hour", async () => {
    for (const retryDuration of [0, 3599]) {
      const hasty = await withWarehouse({ retryDuration });
      expect(inputsOf(hasty, "loads").datapointsToAlarm).to.equal(1);
      expect(inputsOf(hasty, "unloaded").datapointsToAlarm).to.equal(1);
    }
  });

  it("stay on for as long as CloudWatch can look back, and no shorter than what is staged is kept", async () => {
    const { period, evaluationPeriods } = inputsOf(made, "unloaded");
    expect(Number(period) * Number(evaluationPeriods)).to.equal(604_800);
    expect(inputsOf(made, "unloaded").alarmDescription).to.contain(
      "deleted from the bucket 365 days after they were staged",
    );
    const least = await withWarehouse({ stagingRetentionDays: 7 });
    expect(inputsOf(least, "unloaded").alarmDescription).to.contain("7 days after they were staged");
  });

  it("leave what Firehose buffers, and a quarter of an hour, for staging", async () => {
    expect(inputsOf(await withWarehouse({ bufferingInterval: 60 }), "staging").threshold).to.equal(960);
  });

  it("warn before the usage limit stops the warehouse", () => {
    expect(limits(made)).to.deep.equal([
      ["fanout-log-warehouse-usage-limit", 24, "deactivate"],
      ["fanout-log-warehouse-usage-warning", 18, "emit-metric"],
    ]);
    const { alarmDescription, ...inputs } = made.named("fanout-log-warehouse-alarm-usage", type).inputs;
    expect(inputs).to.deep.equal({
      namespace: "AWS/Redshift-Serverless",
      metricName: "UsageLimitConsumed",
      dimensions: {
        UsageLimitId: "fanout-log-warehouse-usage-warning-1234567",
        UsageType: "SERVERLESS_COMPUTE",
        Workgroup: "dynamodb-fanout-test-fanout-log",
      },
      statistic: "Maximum",
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 18,
      period: 300,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      treatMissingData: "notBreaching",
      alarmActions: [topicArn],
      okActions: [topicArn],
    });
    expect(alarmDescription).to.match(
      /^The warehouse has used 18 of its 24 RPU-hours \(daily\)\. At 24 the warehouse stops/,
    );
  });

  it("watch the limit itself where nothing comes before it, and none that only writes a log entry", async () => {
    const alarmOf = (one: Graph) => one.of(type).find(({ name }) => name.endsWith("alarm-usage"))?.inputs;
    const idOf = (one: Graph) => (alarmOf(one)?.dimensions as { UsageLimitId: string } | undefined)?.UsageLimitId;
    const warning = await withWarehouse({ usageLimit: { rpuHours: 400, breachAction: "emit-metric" } });
    expect(limits(warning)).to.deep.equal([["fanout-log-warehouse-usage-limit", 400, "emit-metric"]]);
    expect([idOf(warning), alarmOf(warning)?.threshold]).to.deep.equal([
      "fanout-log-warehouse-usage-limit-1234567",
      400,
    ]);
    const smallest = await withWarehouse({ usageLimit: { rpuHours: 1 } });
    expect(limits(smallest)).to.deep.equal([["fanout-log-warehouse-usage-limit", 1, "deactivate"]]);
    expect([idOf(smallest), alarmOf(smallest)?.threshold]).to.deep.equal([
      "fanout-log-warehouse-usage-limit-1234567",
      1,
    ]);
    const log = await withWarehouse({ usageLimit: { breachAction: "log" } });
    expect([limits(log).length, alarmOf(log)]).to.deep.equal([1, undefined]);
  });

  it("are no more than the loads' where the warehouse exists already", async () => {
    const existing = {
      jdbcUrl: "jdbc:redshift://main.abc123.us-east-1.redshift.amazonaws.com:5439/dev",
      adminSecretArn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:admin-AbCdEf",
    };
    const found = await withWarehouse({ existing, schema: "lake" });
    const own = found.of(type).filter(({ inputs }) => !/Lambda|SQS/.test(String(inputs.namespace)));
    expect(own.map(({ name }) => name.slice("fanout-log-alarm-".length))).to.deep.equal([
      "loads",
      "unloaded",
      "staging",
      "throttled",
    ]);
  });

  it("are in the outputs beside the consumer's", () => {
    const { destinations } = made.outputs as { destinations: Record<string, { alarms: object }> };
    expect(Object.keys(destinations.log!.alarms)).to.deep.equal([
      ...["failures", "oldest-failure", "iterator-age", "errors", "throttles", "lost"],
      ...["usage", "loads", "unloaded", "staging", "throttled"],
    ]);
  });

  it("are off with all others, and then there is no limit that only warns", async () => {
    const off = await withWarehouse({}, { enabled: false });
    expect(off.of(type)).to.deep.equal([]);
    expect(limits(off)).to.deep.equal([["fanout-log-warehouse-usage-limit", 24, "deactivate"]]);
  });
});
