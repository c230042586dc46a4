import { mendEmptyMaps } from "./empty-maps.ts";

const eventIds = /("eventID":")([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12}")/g;

/**
 * The answer to GetRecords as DynamoDB would write it: DynamoDB Local's event ids are UUIDs with dashes, where
 * DynamoDB's are 32 hexadecimal digits, and its empty maps lack their type. Item data cannot look like an event id:
 * quotes within it are escaped, and an attribute's value is an object.
 */
export function mendStreamRecords(body: Buffer): Buffer {
  const text = body.toString("latin1");
  const mended = text.replace(eventIds, "$1$2$3$4$5$6");
  return mendEmptyMaps(mended === text ? body : Buffer.from(mended, "latin1"));
}
