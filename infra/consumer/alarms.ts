import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Alarm, type AlarmArgs, type AlarmName, alarms, type WatchedConsumer } from "./alarm-table.ts";

/** Makes the alarms of a consumer, and returns their names. */
export function makeAlarms(
  name: string,
  args: AlarmArgs & WatchedConsumer,
  opts: pulumi.CustomResourceOptions,
): Readonly<Record<AlarmName, pulumi.Output<string>>> {
  const { topicArn, functionName, failureQueueName } = args;
  const redrive = `npm run redrive -- --stack ${pulumi.getStack()}`;
  const actions = topicArn === undefined ? {} : { alarmActions: [topicArn], okActions: [topicArn] };
  const make = (what: AlarmName): pulumi.Output<string> => {
    const alarm: Alarm = alarms[what](args);
    const ofQueue = alarm.of === "failure queue";
    return new aws.cloudwatch.MetricAlarm(
      `${name}-alarm-${what}`,
      {
        alarmDescription: `${alarm.description}: ${redrive}`,
        namespace: ofQueue ? "AWS/SQS" : "AWS/Lambda",
        metricName: alarm.metric,
        dimensions: ofQueue ? { QueueName: failureQueueName } : { FunctionName: functionName },
        statistic: alarm.statistic,
        period: alarm.period,
        evaluationPeriods: alarm.periods,
        datapointsToAlarm: alarm.bad,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: alarm.threshold,
        treatMissingData: "notBreaching",
        ...actions,
      },
      opts,
    ).name;
  };
  return Object.fromEntries(Object.keys(alarms).map((what) => [what, make(what as AlarmName)])) as Record<
    AlarmName,
    pulumi.Output<string>
  >;
}
