import type { StackInfo } from "../../kind.ts";
import { longestRetention } from "../../parts/secure-queue.ts";
import { readArn } from "../../settings/arn.ts";
import type { Problem } from "../../settings/check.ts";
import { foreignKey } from "../../settings/fields.ts";
import { runChecks } from "../../settings/well-formed.ts";
import { defaults, isFifo, type Settings } from "./settings.ts";

const secondsADay = 86_400;

/** What the schema alone cannot see; paths are relative to the destination. */
export function problems(settings: Settings, stack: StackInfo): readonly Problem[] {
  return settings.queueArn === undefined
    ? runChecks([keyOfNewQueue, sizeOfNewQueue, claimsOutliveMessages], settings)
    : runChecks([...besideExisting, keyElsewhere, queueElsewhere], {
        region: readArn(settings.queueArn, "sqs")!.region,
        settings,
        stack,
      });
}

function keyOfNewQueue({ encryptionKey }: Settings): Problem[] {
  if (encryptionKey === undefined) return [];
  const message = "is for an existing queue (queueArn); a new queue is encrypted with SQS's own key";
  return [{ path: "encryptionKey", message }];
}

function sizeOfNewQueue({ maximumMessageSize }: Settings): Problem[] {
  if (maximumMessageSize === undefined) return [];
  const message = "is for an existing queue (queueArn); a new queue takes 1048576, the most that SQS allows";
  return [{ path: "maximumMessageSize", message }];
}

function claimsOutliveMessages(settings: Settings): Problem[] {
  const { seconds, why } = longestWait(settings);
  const kept = Math.ceil(seconds / secondsADay);
  if (settings.claimCheckDays >= kept) return [];
  const message = `${settings.claimCheckDays} is not allowed; expected at least ${kept}, as ${why}`;
  return [{ path: "claimCheckDays", message }];
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

/** An existing queue, and who asks for it. */
interface Existing {
  readonly region: string;
  readonly settings: Settings;
  readonly stack: StackInfo;
}

const besideExisting = (Object.keys(defaults) as (keyof typeof defaults)[]).map(
  (path) =>
    ({ settings }: Existing): Problem[] =>
      settings[path] === undefined
        ? []
        : [{ path, message: "says how to make a queue, but queueArn names one that exists; expected one of the two" }],
);

function keyElsewhere({ region, settings }: Existing): readonly Problem[] {
  return foreignKey(settings.encryptionKey, region, "queue");
}

function queueElsewhere({ region, stack }: Existing): Problem[] {
  if (stack.region === undefined || region === stack.region) return [];
  const message = `the queue is in ${region}; expected one in the stack's Region ${stack.region}`;
  return [{ path: "queueArn", message }];
}
