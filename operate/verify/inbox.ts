import type { Message, SQSClient } from "@aws-sdk/client-sqs";
import { drain } from "./drain.ts";

/** Takes all messages off a queue; answers with them, in the order in which the queue gave them out, and with those taken before. */
export type Inbox = (queueUrl: string) => Promise<readonly Message[]>;

/** Makes an inbox, which remembers what it took, so that a queue can be verified again. */
export function inbox(sqs: SQSClient): Inbox {
  const taken = new Map<string, Message[]>();
  return async (queueUrl) => {
    const all = [...(taken.get(queueUrl) ?? []), ...(await drain(sqs, queueUrl))];
    taken.set(queueUrl, all);
    return all;
  };
}
