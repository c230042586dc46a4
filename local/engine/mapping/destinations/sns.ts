import { PublishCommand } from "@aws-sdk/client-sns";
import type { Destination, DestinationPlace } from "./destination.ts";

/** A topic, which gets what a queue gets: recorded notifications have no subject and no attributes. */
export function snsDestination({ arn, clients }: DestinationPlace): Destination {
  return {
    rights: [{ action: "sns:Publish", resource: arn }],
    async send(record) {
      await clients.sns.send(new PublishCommand({ TopicArn: arn, Message: JSON.stringify(record) }));
    },
  };
}
