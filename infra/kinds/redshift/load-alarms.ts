import type * as pulumi from "@pulumi/pulumi";
import type { Notified } from "../../kind.ts";
import { type AlarmDefinition, makeAlarm } from "../../parts/alarm.ts";
import type { DeliveryStream } from "./delivery-stream.ts";
import type { Settings } from "./settings.ts";

/** What of a delivery stream is watched, and who is told. */
interface LoadAlarmArgs {
  readonly settings: Pick<Settings, "retryDuration" | "bufferingInterval" | "stagingRetentionDays">;
  readonly stream: DeliveryStream;
  readonly notified: Notified;
}

type Definition = Omit<AlarmDefinition, "namespace" | "dimensions">;

/** In seconds. */
const hour = 3600;

/**
 * The alarms of a delivery stream, by the end of their names. The consumer's alarms end where Firehose has taken the
 * changes: a load that fails leaves all of them quiet.
 * https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html
 */
const alarms = {
  // The share of successful COPYs. A load that failed once and then succeeded is bad in one quarter of an hour; two are
  // no accident. Where Firehose gives up within the hour, the first failure may be the last.
  loads: ({ retryDuration }) => ({
    metric: "DeliveryToRedshift.Success",
    statistic: "Minimum",
    bad: { below: 1 },
    period: 900,
    periods: 4,
    badPeriods: retryDuration >= hour ? 2 : 1,
    description:
      "Loads into the warehouse fail: its login, its network, its usage limit or a row. The stream copy of the delivery stream's " +
      `log group says why. Firehose repeats a load for ${retryDuration / 60} minutes, then gives it up and lists it under ` +
      "errors/ in the staging bucket. Mend it before. New changes are staged all the while, and none is lost. The steps are in " +
      "docs/failed-loads.md",
  }),
  // The alarm above ends with the failures, but what was given up stays unloaded. A load that was given up has failed in
  // as many hours as it was repeated in. A week is the longest that CloudWatch looks back.
  unloaded: ({ retryDuration, stagingRetentionDays }) => ({
    metric: "DeliveryToRedshift.Success",
    statistic: "Minimum",
    bad: { below: 1 },
    period: hour,
    periods: 7 * 24,
    badPeriods: Math.max(1, Math.floor(retryDuration / hour)),
    description:
      "Within the last week, loads failed for so long that Firehose may have given some up. Each is a manifest under " +
      "errors/manifests/ in the staging bucket: load it with COPY ... MANIFEST. Its changes are deleted from the bucket " +
      `${stagingRetentionDays} days after they were staged. This alarm ends a week after the failures, loaded or not. The steps are in docs/failed-loads.md`,
  }),
  // Until changes are staged, Firehose has the only copy, and keeps it for 24 hours.
  staging: ({ bufferingInterval }) => ({
    metric: "DeliveryToS3.DataFreshness",
    statistic: "Maximum",
    bad: { from: bufferingInterval + 900 },
    period: 300,
    periods: 3,
    badPeriods: 3,
    description:
      "Changes have been in Firehose for a quarter of an hour longer than they are buffered: it cannot write to the staging " +
      "bucket. The stream staging of the delivery stream's log group says why. Firehose forgets them 24 hours after it took them",
  }),
  throttled: () => ({
    metric: "ThrottledRecords",
    statistic: "Sum",
    bad: { from: 1 },
    period: 300,
    periods: 3,
    badPeriods: 3,
    description:
      "Firehose has taken fewer changes than it was sent for a quarter of an hour. The function sends them again and falls " +
      "behind; nothing is lost. Ask for a higher quota of the delivery stream (records, requests or bytes a second)",
  }),
} satisfies Record<string, (settings: LoadAlarmArgs["settings"]) => Definition>;

type Name = keyof typeof alarms;

/** Makes the alarms of a delivery stream, and returns their names. */
export function watchLoads(
  name: string,
  { settings, stream, notified }: LoadAlarmArgs,
  opts: pulumi.CustomResourceOptions,
): Readonly<Record<Name, pulumi.Output<string>>> {
  const watched = { namespace: "AWS/Firehose", dimensions: { DeliveryStreamName: stream.name } };
  const make = (what: Name) =>
    makeAlarm(`${name}-alarm-${what}`, { ...watched, ...alarms[what](settings) }, notified, opts);
  const names = Object.keys(alarms) as Name[];
  return Object.fromEntries(names.map((what) => [what, make(what)])) as Record<Name, pulumi.Output<string>>;
}
