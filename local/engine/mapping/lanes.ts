import { createHash } from "node:crypto";
import type { DynamoDBRecord } from "aws-lambda";

/**
 * The lane, from 0, in which a record of a shard travels: always the same for the same item (partition and sort key), so
 * that its changes stay in order. How Lambda spreads keys is not documented; here by a hash of the key's attributes.
 * @param lanes the parallelization factor
 */
export function laneOf(record: DynamoDBRecord, lanes: number): number {
  if (lanes === 1) return 0;
  const keys = Object.entries(record.dynamodb?.Keys ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(keys)).digest().readUInt32BE() % lanes;
}
