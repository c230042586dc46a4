import { arn } from "../aws.ts";
import type { Right } from "./role.ts";

/**
 * What the role of a function must be allowed so that a mapping may read a table's stream. AWS knows no resource for
 * ListStreams, and takes the right to list one stream, or one table's, for it.
 */
export function streamRights(streamArn: string): readonly Right[] {
  return ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"].map((operation) => ({
    action: `dynamodb:${operation}`,
    resource: streamArn,
  }));
}

/** What a function's role must be allowed so that what it prints arrives in CloudWatch. */
export function functionLogRights(
  region: string,
  group: string,
  stream: string,
  groupExists: boolean,
): readonly Right[] {
  const groupArn = arn("logs", region, `log-group:${group}`);
  const resource = logStreamArn(region, group, stream);
  return [
    ...(groupExists ? [] : [{ action: "logs:CreateLogGroup", resource: `${groupArn}:log-stream:` }]),
    { action: "logs:CreateLogStream", resource },
    { action: "logs:PutLogEvents", resource },
  ];
}

export function logStreamArn(region: string, group: string, stream: string): string {
  return arn("logs", region, `log-group:${group}:log-stream:${stream}`);
}

/**
 * What Firehose must be allowed to stage data in a bucket. AWS says that it needs all of them, and not when: it aborts an
 * upload, for instance, only if it fails. So here it stages nothing until it has every one.
 * https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-rs
 */
export function stagingRights(bucketArn: string, prefix: string): readonly Right[] {
  return [
    ...["GetBucketLocation", "ListBucket", "ListBucketMultipartUploads"].map((operation) => ({
      action: `s3:${operation}`,
      resource: bucketArn,
    })),
    ...["AbortMultipartUpload", "GetObject", "PutObject"].map((operation) => ({
      action: `s3:${operation}`,
      resource: `${bucketArn}/${prefix}`,
    })),
  ];
}
