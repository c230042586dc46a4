import { randomUUID } from "node:crypto";
import { HeadBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { PublishCommand } from "@aws-sdk/client-sns";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { DynamoDBStreamEvent } from "aws-lambda";
import type { Clients } from "../../../operate/clients.ts";
import type { Right } from "../iam/role.ts";
import type { FailureRecord } from "./give-up.ts";

/** A mapping's on-failure destination: it gets messages about records that are given up. */
interface FailureDestination {
  /** What the role of the mapping's function must be allowed so that Lambda makes the mapping. */
  readonly rights: readonly Right[];
  /** Checks what Lambda checks while the mapping is being made. */
  check?(): Promise<void>;
  /** @param event what the function was, or would have been, invoked with */
  send(record: FailureRecord, event: DynamoDBStreamEvent): Promise<void>;
}

/** What sending needs. */
interface DestinationOptions {
  /** The destination's ARN. */
  readonly arn: string;
  /** The mapping's UUID. */
  readonly uuid: string;
  /** They call AWS in the role of the mapping's function. */
  readonly clients: Pick<Clients, "sqs" | "sns" | "s3">;
  /** Where queues have their URLs. */
  readonly endpoint: string;
}

/**
 * The kinds of on-failure destinations that a mapping of a DynamoDB stream may have, by the service in their ARNs.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
const kinds = {
  s3: bucket,
  sns: topic,
  sqs: queue,
} satisfies Record<string, (options: DestinationOptions) => FailureDestination>;

/** Whether an ARN is that of a kind of destination. */
export function isDestination(arn: string): boolean {
  return arn.startsWith("arn:") && Object.hasOwn(kinds, arn.split(":")[2]!);
}

/** The destination with an ARN for which `isDestination` holds. */
export function destinationOf(options: DestinationOptions): FailureDestination {
  return kinds[options.arn.split(":")[2] as keyof typeof kinds](options);
}

/**
 * A bucket, which gets an object per message, with the records themselves: `payload` is the whole event as text. In the
 * recordings too it must have been text: all objects in them have their keys sorted, except those within texts, and
 * except the payload's.
 *
 * Lambda's documentation demands s3:ListBucket beside s3:PutObject without saying what for; asking for the bucket while
 * the mapping is being made needs it as well, so that a role without it fails here too.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
function bucket({ arn, uuid, clients }: DestinationOptions): FailureDestination {
  const Bucket = arn.slice(arn.lastIndexOf(":") + 1);
  return {
    rights: [
      { action: "s3:PutObject", resource: `${arn}/aws/lambda/${uuid}/` },
      { action: "s3:ListBucket", resource: arn },
    ],
    async check() {
      await clients.s3.send(new HeadBucketCommand({ Bucket }));
    },
    async send(record, event) {
      const Body = JSON.stringify({ ...record, payload: JSON.stringify(event) });
      await clients.s3.send(new PutObjectCommand({ Bucket, Key: objectKey(record, uuid), Body }));
    },
  };
}

/** Such as `aws/lambda/<mapping>/<shard>/2024/03/01/2024-03-01T12.00.00-<uuid>`. */
function objectKey({ timestamp, DDBStreamBatchInfo }: FailureRecord, uuid: string): string {
  const day = timestamp.slice(0, 10).replaceAll("-", "/");
  const time = timestamp.slice(0, 19).replaceAll(":", ".");
  return `aws/lambda/${uuid}/${DDBStreamBatchInfo.shardId}/${day}/${time}-${randomUUID()}`;
}

/** A topic, which gets what a queue gets: recorded notifications have no subject and no attributes. */
function topic({ arn, clients }: DestinationOptions): FailureDestination {
  return {
    rights: [{ action: "sns:Publish", resource: arn }],
    async send(record) {
      await clients.sns.send(new PublishCommand({ TopicArn: arn, Message: JSON.stringify(record) }));
    },
  };
}

/** A queue, which gets the message about the records as its body. */
function queue({ arn, clients, endpoint }: DestinationOptions): FailureDestination {
  const [, , , , account, name] = arn.split(":");
  const QueueUrl = `${endpoint}/${account}/${name}`;
  return {
    rights: [{ action: "sqs:SendMessage", resource: arn }],
    async send(record) {
      await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(record) }));
    },
  };
}
