import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";

/**
 * Takes messages off queues and remembers them, so that a queue can be verified again: answers with all that the queue has
 * given out, in the order in which it did.
 */
export function rememberMessages(sqs: SQSClient): (queueUrl: string) => Promise<readonly Message[]> {
  const taken = new Map<string, readonly Message[]>();
  return async (queueUrl) => {
    const all = [...(taken.get(queueUrl) ?? []), ...(await drain(sqs, queueUrl))];
    taken.set(queueUrl, all);
    return all;
  };
}

/** Takes every message off a queue, in the order in which the queue gives them out. */
export async function drain(sqs: SQSClient, queueUrl: string): Promise<Message[]> {
  const taken: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
    );
    if (Messages.length === 0) return taken;
    taken.push(...Messages);
    const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
    const { Failed = [] } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    if (Failed.length > 0) throw new Error(`could not delete from ${queueUrl}: ${Failed[0]?.Message}`);
  }
}
