import { randomUUID } from "node:crypto";
import { HeadBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { FailureRecord } from "../failure-record.ts";
import type { Destination, DestinationPlace } from "./destination.ts";

/**
 * A bucket, which gets an object per message, with the records themselves: `payload` is the whole event as text. In the
 * recordings too it must have been text: all objects in them have their keys sorted, except those within texts, and
 * except the payload's.
 *
 * Lambda's documentation demands s3:ListBucket beside s3:PutObject without saying what for; asking for the bucket while
 * the mapping is being made needs it as well, so that a role without it fails here too.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export function s3Destination({ arn, uuid, clients }: DestinationPlace): Destination {
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
