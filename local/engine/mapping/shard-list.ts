import type { ListedShard } from "../../../operate/stream/shards.ts";

/**
 * The shards that may be read now: a child only after its parent is finished, or when the stream has already trimmed the parent.
 * @param known says which shards are begun or finished
 */
export function readableShards(
  listed: readonly ListedShard[],
  known: { has(shardId: string): boolean },
  finished: { has(shardId: string): boolean },
): readonly ListedShard[] {
  const ids = new Set(listed.map(({ shardId }) => shardId));
  return listed.filter(({ shardId, parentShardId }) => {
    if (known.has(shardId) || finished.has(shardId)) return false;
    return parentShardId === undefined || !ids.has(parentShardId) || finished.has(parentShardId);
  });
}
