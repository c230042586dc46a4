import { imageJson } from "../../../handlers/core/image-json.ts";
import { expiryAttribute, versionAttribute } from "../../../handlers/replica/item.ts";
import { difference } from "../difference.ts";
import { itemsOf } from "../source-items.ts";
import type { Verification } from "./verify.ts";

/** Item for item: the replica without its tombstones and its version attribute is the source. */
export const verification: Verification = {
  refusesNul: false,
  async verify({ engine, sink, settings, source, keySchema, behind }) {
    const region = typeof settings.region === "string" ? settings.region : engine.region;
    const stored = await itemsOf(engine.clientsFor(region).dynamodb, sink.tableName!, keySchema);
    const items = new Map<string, unknown>();
    for (const [key, { [versionAttribute]: version, ...item }] of stored) {
      if (version !== undefined && !(expiryAttribute in item)) items.set(key, imageJson(item, "typed"));
    }
    const expected = new Map([...source].map(([key, item]) => [key, imageJson(item, "typed")]));
    return {
      arrived: `${items.size} items, ${stored.size - items.size} tombstones`,
      problems: difference(expected, items, behind),
    };
  },
};
