import { imageJson } from "../../handlers/core/image-json.ts";
import { expiryAttribute, versionAttribute } from "../../handlers/kinds/replica/item.ts";
import { difference } from "../verify/difference.ts";
import { itemsOf } from "../verify/source-items.ts";
import type { Verification } from "../verify/verification.ts";

/** Item for item: the replica without its tombstones and its version attribute is the source. */
export const verification: Verification = {
  async verify({ engine, sink, settings, items, keySchema, failed }) {
    const region = typeof settings.region === "string" ? settings.region : engine.region;
    const stored = await itemsOf(engine.clientsFor(region).dynamodb, sink.tableName!, keySchema);
    const copied = new Map<string, unknown>();
    for (const [key, { [versionAttribute]: version, ...item }] of stored) {
      if (version !== undefined && !(expiryAttribute in item)) copied.set(key, imageJson(item, "typed"));
    }
    const expected = new Map([...items].map(([key, item]) => [key, imageJson(item, "typed")]));
    return {
      arrived: `${copied.size} items, ${stored.size - copied.size} tombstones`,
      problems: difference(expected, copied, failed.keys),
    };
  },
};
