import type { _Record as ApiRecord } from "@aws-sdk/client-dynamodb-streams";
import type { DynamoDBRecord, StreamRecord } from "aws-lambda";
import { compilePattern } from "../../infra/filters/pattern.ts";
import { toJson } from "./attribute-values.ts";

/** What a stream's record does not say about itself. */
export interface Origin {
  /** The stream's ARN as the function is to see it. */
  readonly eventSourceArn: string;
  /** The Region that the function is to see. */
  readonly region: string;
}

/**
 * Turns a record of the DynamoDB Streams API into a record of a Lambda event: times become whole seconds, binaries
 * base64, and `userIdentity` takes the event's spelling. Region and ARN come from `origin`, because DynamoDB Local
 * answers with a Region of its own.
 */
export function toEventRecord(record: ApiRecord, origin: Origin): DynamoDBRecord {
  const { eventID, eventName, eventVersion, eventSource, dynamodb, userIdentity } = record;
  return {
    eventID,
    eventName,
    eventVersion,
    eventSource,
    awsRegion: origin.region,
    dynamodb: {
      ...(dynamodb?.ApproximateCreationDateTime && {
        ApproximateCreationDateTime: Math.floor(dynamodb.ApproximateCreationDateTime.getTime() / 1000),
      }),
      ...(dynamodb?.Keys && { Keys: toJson(dynamodb.Keys) }),
      ...(dynamodb?.NewImage && { NewImage: toJson(dynamodb.NewImage) }),
      ...(dynamodb?.OldImage && { OldImage: toJson(dynamodb.OldImage) }),
      SequenceNumber: dynamodb?.SequenceNumber,
      SizeBytes: dynamodb?.SizeBytes,
      StreamViewType: dynamodb?.StreamViewType,
    } satisfies StreamRecord,
    ...(userIdentity && { userIdentity: { type: userIdentity.Type, principalId: userIdentity.PrincipalId } }),
    eventSourceARN: origin.eventSourceArn,
  };
}

/**
 * Says which event records reach the function: those that match at least one of the patterns, or all if there are none.
 * A record that does not match is passed over for good.
 * @throws InvalidPattern
 */
export function compileFilter(patterns: readonly string[]): (record: DynamoDBRecord) => boolean {
  if (patterns.length === 0) return () => true;
  const compiled = patterns.map(compilePattern);
  return (record) => compiled.some((matches) => matches(record));
}
