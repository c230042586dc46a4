import type { World } from "../world/world.ts";
import { expire } from "./expiry.ts";

/** Lets the time to live of every table's items do its work, as of `now` in milliseconds since the epoch; says how many items went, by table name. */
export async function expireAll(world: World, now: number): Promise<Record<string, number>> {
  const deleted: Record<string, number> = {};
  if (world.expiring.size === 0) return deleted;
  const { dynamodb, streams } = await world.direct();
  try {
    for (const table of world.expiring.values()) {
      // Nobody may write or read meanwhile, so that the deletions' records can be told from others and are marked in time.
      deleted[table.tableName] = await world.gateway.aloneWithDynamoDb(() =>
        expire(table, world.expiryMarks, { dynamodb, streams }, Math.floor(now / 1000)),
      );
    }
  } finally {
    dynamodb.destroy();
    streams.destroy();
  }
  return deleted;
}
