import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { Notified } from "../../kind.ts";
import { makeAlarm } from "../../parts/alarm.ts";
import type { Warehouse } from "./warehouse.ts";
import { usageLimitSchema } from "./warehouse-settings.ts";

/** A limit, and who tells of it. */
interface Usage {
  /** What stops the warehouse, or whatever else is to be done. */
  readonly limit: pulumi.Resource;
  readonly alarms: Warehouse["alarms"];
}

/** Which part of a limit that stops the warehouse is used up when somebody is told. */
const warningShare = 0.75;

/**
 * Limits what a new warehouse may use, and makes the alarm that says when it is used up: before the warehouse is stopped,
 * so that somebody can raise the limit while changes are still loaded. A limit has a metric of its own, so the warning is
 * a second limit, which does nothing else; a workgroup may have four
 * (https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-workgroup-max-rpu.html).
 */
export function limitUsage(
  name: string,
  workgroup: aws.redshiftserverless.Workgroup,
  given: z.input<typeof usageLimitSchema> | undefined,
  alarms: Notified | undefined,
  opts: pulumi.CustomResourceOptions,
): Usage {
  const { rpuHours, period, breachAction } = usageLimitSchema.parse(given ?? {});
  const limit = (suffix: string, amount: number, action: string) =>
    new aws.redshiftserverless.UsageLimit(
      `${name}-usage-${suffix}`,
      { resourceArn: workgroup.arn, usageType: "serverless-compute", amount, period, breachAction: action },
      opts,
    );
  const last = limit("limit", rpuHours, breachAction);
  // Whoever asks for a log entry reads the log.
  if (alarms === undefined || breachAction === "log") return { limit: last, alarms: {} };
  const stops = breachAction === "deactivate";
  const early = Math.floor(rpuHours * warningShare);
  const warning = stops && early > 0 ? limit("warning", early, "emit-metric") : undefined;
  const amount = warning === undefined ? rpuHours : early;
  const then = stops
    ? `At ${rpuHours} the warehouse stops until the period ends, and nothing is loaded; Firehose gives a load up after its ` +
      "retryDuration, and lists it under errors/ in the staging bucket. Raise usageLimit.rpuHours in time, or see what runs."
    : "Nothing is stopped, but it costs. See what runs, or raise usageLimit.rpuHours.";
  const usage = makeAlarm(
    `${name}-alarm-usage`,
    {
      // https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-audit-logging.html (Monitoring with CloudWatch)
      namespace: "AWS/Redshift-Serverless",
      metric: "UsageLimitConsumed",
      dimensions: {
        UsageLimitId: (warning ?? last).id,
        UsageType: "SERVERLESS_COMPUTE",
        Workgroup: workgroup.workgroupName,
      },
      statistic: "Maximum",
      bad: { from: amount },
      period: 300,
      periods: 1,
      badPeriods: 1,
      description: `The warehouse has used ${amount} of its ${rpuHours} RPU-hours (${period}). ${then}`,
    },
    alarms,
    opts,
  );
  return { limit: last, alarms: { usage } };
}
