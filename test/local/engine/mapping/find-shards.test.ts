import { expect } from "chai";
import { readableShards } from "../../../../local/engine/mapping/find-shards.ts";

const shard = (shardId: string, parentShardId?: string) => ({
  shardId,
  closed: false,
  ...(parentShardId && { parentShardId }),
});

describe("readableShards", () => {
  const family = [shard("child", "root"), shard("root"), shard("grandchild", "child")];
  const table: [string, string[], string[], string[]][] = [
    ["only roots at first", [], [], ["root"]],
    ["nothing while the parent is read", ["root"], [], []],
    ["the child of a finished parent", [], ["root"], ["child"]],
    ["the grandchild", [], ["root", "child"], ["grandchild"]],
    ["nothing when all are finished", [], ["root", "child", "grandchild"], []],
  ];
  for (const [name, known, finished, expected] of table) {
    it(name, () => {
      const ids = readableShards(family, new Set(known), new Set(finished)).map(({ shardId }) => shardId);
      expect(ids).to.deep.equal(expected);
    });
  }

  it("a child whose parent is no longer listed", () => {
    expect(readableShards([shard("child", "trimmed")], new Set(), new Set())).to.have.length(1);
  });
});
