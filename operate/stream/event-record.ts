import type { _Record as ApiRecord, AttributeValue as ApiValue } from "@aws-sdk/client-dynamodb-streams";
import type { AttributeValue, DynamoDBRecord, StreamRecord } from "aws-lambda";

/** What the stream's record does not know about itself. */
export interface Origin {
  /** The stream's ARN as the function shall see it. */
  readonly eventSourceArn: string;
  /** The Region that the function shall see. */
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
      ...(dynamodb?.Keys && { Keys: toEventItem(dynamodb.Keys) }),
      ...(dynamodb?.NewImage && { NewImage: toEventItem(dynamodb.NewImage) }),
      ...(dynamodb?.OldImage && { OldImage: toEventItem(dynamodb.OldImage) }),
      SequenceNumber: dynamodb?.SequenceNumber,
      SizeBytes: dynamodb?.SizeBytes,
      StreamViewType: dynamodb?.StreamViewType,
    } satisfies StreamRecord,
    ...(userIdentity && { userIdentity: { type: userIdentity.Type, principalId: userIdentity.PrincipalId } }),
    eventSourceARN: origin.eventSourceArn,
  };
}

function toEventItem(item: Record<string, ApiValue>): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, toEventValue(value)]));
}

function toEventValue(value: ApiValue): AttributeValue {
  if (value.B !== undefined) return { B: base64(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(base64) };
  if (value.L !== undefined) return { L: value.L.map(toEventValue) };
  if (value.M !== undefined) return { M: toEventItem(value.M) };
  return value as AttributeValue; // the other types are the same in both
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
