import type * as pulumi from "@pulumi/pulumi";
import type { Notified } from "../kind.ts";
import type { AlarmSettings } from "../settings/alarms.ts";

/** The command with which an account asks for so many concurrent executions of Lambda. */
export function askForConcurrency(executions: number): string {
  return `aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value ${executions}`;
}

/** How long a stream keeps its records. */
const retentionHours = 24;

/** When a consumer's alarms go off, and whom they notify. */
export interface AlarmArgs extends Pick<AlarmSettings, "oldestFailureHours" | "iteratorAgeMinutes">, Notified {}

/** What of a consumer is watched. */
export interface WatchedConsumer {
  readonly functionName: pulumi.Input<string>;
  readonly failureQueueName: pulumi.Input<string>;
  /** Seconds after which the mapping gives a change up, or -1. */
  readonly maximumRecordAgeInSeconds: number;
}

/** When one alarm goes off, and what its notification says. */
export interface Alarm {
  readonly metric: string;
  readonly of: "failure queue" | "function";
  readonly statistic: "Maximum" | "Sum";
  /** The least value that is too much. */
  readonly threshold: number;
  /** In seconds. */
  readonly period: number;
  /** How many periods are looked at. */
  readonly periods: number;
  /** How many of these must reach the threshold. */
  readonly bad: number;
  readonly description: string;
}

/**
 * The alarms of a consumer, by the end of their names. AWS publishes all of their metrics by itself. The mapping's own
 * metrics (`DroppedEventCount` and others) must be turned on and are billed; every mapping here has a failure queue, so
 * they would show nothing lost that `DestinationDeliveryFailures` does not show.
 *
 * A period without data counts as good: an empty queue, and a function that is not invoked or has no errors, send none.
 */
export const alarms = {
  // Five minutes, because a redrive hides the messages that it holds for a while, and the alarm must not end then.
  failures: () => ({
    metric: "ApproximateNumberOfMessagesVisible",
    of: "failure queue",
    statistic: "Maximum",
    threshold: 1,
    period: 300,
    periods: 1,
    bad: 1,
    description:
      "Changes could not be delivered and wait in the failure queue. The function's log has their sequence numbers and " +
      `the reason. Mend it, then bring them back before the stream forgets them, ${retentionHours} hours after they were made`,
  }),
  // SQS leaves messages that were received three or more times out of this figure. That happens to messages that a redrive
  // could not deliver, but then somebody knows of them, and the alarm above stays on.
  "oldest-failure": ({ oldestFailureHours: hours, maximumRecordAgeInSeconds }) => ({
    metric: "ApproximateAgeOfOldestMessage",
    of: "failure queue",
    statistic: "Maximum",
    threshold: hours * 3600,
    period: 300,
    periods: 1,
    bad: 1,
    description:
      `A message has waited in the failure queue for ${hours} hours. ${timeLeft(hours, maximumRecordAgeInSeconds)} ` +
      "Bring it back now",
  }),
  // Each invocation reports one value when it ends, dated when it began. While a destination is down, a handler waits in its
  // invocation for up to 15 minutes, so two periods in a row may have no value, but never three. With one bad period of the
  // last three the alarm stays on during an outage and ends soon after it.
  "iterator-age": ({ iteratorAgeMinutes: minutes }) => ({
    metric: "IteratorAge",
    of: "function",
    statistic: "Maximum",
    threshold: minutes * 60_000,
    period: 900,
    periods: 3,
    bad: 1,
    description:
      `The function is ${minutes} minutes behind the table: its destination is down or slow, or the stream has too many ` +
      "readers; a new mapping that catches up does it too. Nothing is lost yet. The function's log says what fails. " +
      "Mend it before attempts and record age are used up and changes go to the failure queue; if some have, redrive them",
  }),
  // A record that is refused causes a burst of errors within a minute or two, in two periods at most, and ends in the failure
  // queue. An outage causes an error in about every period, the latest of which is not reported yet. Errors in three of the
  // last five periods are therefore no burst, and not over.
  errors: () => ({
    metric: "Errors",
    of: "function",
    statistic: "Sum",
    threshold: 1,
    period: 900,
    periods: 5,
    bad: 3,
    description:
      "Invocations have failed for most of an hour: a destination that is down, time-outs, too little memory, or a record " +
      "that keeps failing. The function's log says which. What is given up goes to the failure queue, from which it can be redriven",
  }),
  // A throttled mapping invokes nothing: it reports neither errors nor age, and uses up no attempts.
  throttles: () => ({
    metric: "Throttles",
    of: "function",
    statistic: "Sum",
    threshold: 1,
    period: 300,
    periods: 3,
    bad: 3,
    description:
      "Lambda has refused invocations for a quarter of an hour, and shards wait. Raise the function's " +
      "reservedConcurrentExecutions, or the account's concurrency " +
      `(${askForConcurrency(1000)}). What reaches its record age meanwhile goes to the failure queue, from which it can be redriven`,
  }),
  lost: () => ({
    metric: "DestinationDeliveryFailures",
    of: "function",
    statistic: "Sum",
    threshold: 1,
    period: 300,
    periods: 1,
    bad: 1,
    description:
      "Lambda gave changes up and could not tell the failure queue: no message points to them. See whether the queue is " +
      "there and the function's role may send to it. The function's log has the sequence numbers; the changes are in the " +
      `stream until they are ${retentionHours} hours old. What did reach the queue can be redriven`,
  }),
} satisfies Record<string, (args: AlarmArgs & WatchedConsumer) => Alarm>;

/** The alarms of a consumer, by the end of their names. */
export type AlarmName = keyof typeof alarms;

/** For how long, at least, the records of a message that has waited for so many hours are still in the stream. */
function timeLeft(waited: number, maximumRecordAgeInSeconds: number): string {
  const oldest = maximumRecordAgeInSeconds < 0 ? retentionHours : maximumRecordAgeInSeconds / 3600;
  const left = Math.floor(retentionHours - oldest - waited);
  return left > 0
    ? `The stream forgets its changes in ${left} ${left === 1 ? "hour" : "hours"} or more.`
    : "The stream may have forgotten its changes already.";
}
