import type { StackInfo } from "../../kind.ts";
import { longestRetention } from "../../parts/secure-queue.ts";
import type { Problem } from "../../settings/check.ts";
import { foreignKey } from "../../settings/fields.ts";
import { defaults, isFifo, readQueueArn, type Settings } from "./settings.ts";

const secondsADay = 86_400;

/** What the schema alone cannot see; paths are relative to the destination. */
export function problems(settings: Settings, { region }: StackInfo): readonly Problem[] {
  return settings.queueArn === undefined ? newQueueProblems(settings) : existingQueueProblems(settings, region);
}

function newQueueProblems(settings: Settings): Problem[] {
  const problems: Problem[] = [];
  if (settings.encryptionKey !== undefined)
    problems.push({
      path: "encryptionKey",
      message: "is for an existing queue (queueArn); a new queue is encrypted with SQS's own key",
    });
  if (settings.maximumMessageSize !== undefined)
    problems.push({
      path: "maximumMessageSize",
      message: "is for an existing queue (queueArn); a new queue takes 1048576, the most that SQS allows",
    });
  const { seconds, why } = longestWait(settings);
  const kept = Math.ceil(seconds / secondsADay);
  if (settings.claimCheckDays < kept)
    problems.push({
      path: "claimCheckDays",
      message: `${settings.claimCheckDays} is not allowed; expected at least ${kept}, as ${why}`,
    });
  return problems;
}

/**
 * How long a message can wait to be read, in a new queue and its dead-letter queue. To a standard one a message is as old as
 * when it was first sent, while a FIFO one counts anew from when it was moved:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html.
 */
function longestWait(settings: Settings) {
  const retention = settings.messageRetentionSeconds ?? defaults.messageRetentionSeconds;
  if (isFifo(settings))
    return {
      seconds: retention + longestRetention,
      why: `a message may wait in the queue for ${retention} seconds, and then in its dead-letter queue for ${longestRetention}`,
    };
  return {
    seconds: longestRetention,
    why: `a message may wait in the queue and its dead-letter queue until it is ${longestRetention} seconds old`,
  };
}

function existingQueueProblems(settings: Settings, region: string | undefined): Problem[] {
  const beside = (Object.keys(defaults) as (keyof typeof defaults)[]).filter((key) => settings[key] !== undefined);
  const problems: Problem[] = beside.map((path) => ({
    path,
    message: "says how to make a queue, but queueArn names one that exists; expected one of the two",
  }));
  const queue = readQueueArn(settings.queueArn!)!;
  problems.push(...foreignKey(settings.encryptionKey, queue.region, "queue"));
  if (region !== undefined && queue.region !== region)
    problems.push({
      path: "queueArn",
      message: `the queue is in ${queue.region}; expected one in the stack's Region ${region}`,
    });
  return problems;
}
