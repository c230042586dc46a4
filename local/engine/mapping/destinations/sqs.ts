import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { Destination, DestinationPlace } from "./destination.ts";

/** A queue, which gets the message about the records as its body. */
export function sqsDestination({ arn, clients, endpoint }: DestinationPlace): Destination {
  const [, , , , account, name] = arn.split(":");
  const QueueUrl = `${endpoint}/${account}/${name}`;
  return {
    rights: [{ action: "sqs:SendMessage", resource: arn }],
    async send(record) {
      await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(record) }));
    },
  };
}
