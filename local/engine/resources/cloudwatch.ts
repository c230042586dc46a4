import type * as aws from "@pulumi/aws";
import { arn, physicalName } from "../aws.ts";
import { acceptOnly, placeholder } from "../resource.ts";

/** A log group has a name only: what functions print is kept by the functions. */
export const logGroup = placeholder<aws.cloudwatch.LogGroupArgs>(
  [
    "deletionProtectionEnabled",
    "kmsKeyId",
    "logGroupClass",
    "name",
    "namePrefix",
    "retentionInDays",
    "skipDestroy",
    "tags",
  ],
  (registration, _, world) => {
    const name = physicalName(registration, { limit: 512 });
    const groupArn = arn("logs", registration.region, `log-group:${name}`);
    world.logGroups.add(groupArn);
    return { id: name, outputs: { name, arn: groupArn } };
  },
);

export const logStream = placeholder<aws.cloudwatch.LogStreamArgs>(
  ["logGroupName", "name"],
  (registration, { logGroupName }) => {
    const name = physicalName(registration, { limit: 512 });
    const group = arn("logs", registration.region, `log-group:${logGroupName}`);
    return { id: name, outputs: { name, arn: `${group}:log-stream:${name}` } };
  },
);

/** An alarm has a name only: nothing on this machine measures what it watches. */
export const metricAlarm = placeholder<aws.cloudwatch.MetricAlarmArgs>(
  [
    "actionsEnabled",
    "alarmActions",
    "alarmDescription",
    "comparisonOperator",
    "datapointsToAlarm",
    "dimensions",
    "evaluateLowSampleCountPercentiles",
    "evaluationPeriods",
    "extendedStatistic",
    "insufficientDataActions",
    "metricName",
    "metricQueries",
    "name",
    "namespace",
    "okActions",
    "period",
    "statistic",
    "tags",
    "threshold",
    "thresholdMetricId",
    "treatMissingData",
    "unit",
  ],
  (registration, { metricQueries = [] }) => {
    for (const [index, query] of metricQueries.entries()) {
      const path = `metricQueries[${index}]`;
      acceptOnly(query, path, ["accountId", "expression", "id", "label", "metric", "period", "returnData"]);
      const metric = ["dimensions", "metricName", "namespace", "period", "stat", "unit"];
      acceptOnly(query.metric, `${path}.metric`, metric);
    }
    const name = physicalName(registration, { limit: 255 });
    return { id: name, outputs: { name, arn: arn("cloudwatch", registration.region, `alarm:${name}`) } };
  },
);
