import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Notified } from "../kind.ts";

/** When an alarm goes off, and what its notification says. A period without data counts as good. */
export interface AlarmDefinition {
  /** AWS's namespace of the metric, such as `AWS/Lambda`. */
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  readonly statistic: "Maximum" | "Minimum" | "Sum";
  /** From which value on there is too much, or below which there is too little. */
  readonly bad: { readonly from: number } | { readonly below: number };
  /** In seconds. With the number of periods a day at most, or seven days where it is an hour or more. */
  readonly period: number;
  /** How many periods are looked at. */
  readonly periods: number;
  /** How many of these must be bad. */
  readonly badPeriods: number;
  /** 1,024 characters at most. */
  readonly description: string;
}

/** Makes an alarm, and returns its name. */
export function makeAlarm(
  name: string,
  { namespace, metric, dimensions, statistic, bad, period, periods, badPeriods, description }: AlarmDefinition,
  { topicArn }: Notified,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const comparison =
    "from" in bad
      ? { comparisonOperator: "GreaterThanOrEqualToThreshold", threshold: bad.from }
      : { comparisonOperator: "LessThanThreshold", threshold: bad.below };
  return new aws.cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: description,
      namespace,
      metricName: metric,
      dimensions,
      statistic,
      period,
      evaluationPeriods: periods,
      datapointsToAlarm: badPeriods,
      ...comparison,
      treatMissingData: "notBreaching",
      ...(topicArn === undefined ? {} : { alarmActions: [topicArn], okActions: [topicArn] }),
    },
    opts,
  ).name;
}
