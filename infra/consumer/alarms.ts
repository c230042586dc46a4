import * as pulumi from "@pulumi/pulumi";
import { makeAlarm } from "../parts/alarm.ts";
import { type Alarm, type AlarmArgs, type AlarmName, alarms, type WatchedConsumer } from "./alarm-table.ts";

/** Makes the alarms of a consumer, and returns their names. */
export function makeAlarms(
  name: string,
  args: AlarmArgs & WatchedConsumer,
  opts: pulumi.CustomResourceOptions,
): Readonly<Record<AlarmName, pulumi.Output<string>>> {
  const { functionName, failureQueueName } = args;
  const redrive = `npm run redrive -- --stack ${pulumi.getStack()}`;
  const make = (what: AlarmName): pulumi.Output<string> => {
    const { of, metric, statistic, threshold, period, periods, bad, description }: Alarm = alarms[what](args);
    const watched =
      of === "failure queue"
        ? { namespace: "AWS/SQS", dimensions: { QueueName: failureQueueName } }
        : { namespace: "AWS/Lambda", dimensions: { FunctionName: functionName } };
    const when = { metric, statistic, bad: { from: threshold }, period, periods, badPeriods: bad };
    const definition = { ...watched, ...when, description: `${description}: ${redrive}` };
    return makeAlarm(`${name}-alarm-${what}`, definition, args, opts);
  };
  return Object.fromEntries(Object.keys(alarms).map((what) => [what, make(what as AlarmName)])) as Record<
    AlarmName,
    pulumi.Output<string>
  >;
}
