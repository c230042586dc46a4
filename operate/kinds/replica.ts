import type { Image } from "../../handlers/core/contract.ts";
import { imageJson } from "../../handlers/core/image-json.ts";
import { expiryAttribute, replicated, versionAttribute } from "../../handlers/kinds/replica/item.ts";
import { counted } from "../../terminal/text.ts";
import { difference } from "../compare/difference.ts";
import { itemsOf } from "../compare/items.ts";
import type { OperatedKind } from "../kind.ts";

/** A table that holds the source's items, each with its version. */
export const replica: OperatedKind = {
  holds: "state",
  ordered: false,
  /** Item for item: the replica without its tombstones and its version attribute is the source, but for what is not copied. */
  async verify({ stack, sink, settings, items, keySchema, failed }) {
    const region = typeof settings.region === "string" ? settings.region : stack.region;
    const stored = await itemsOf(stack.clientsFor(region).dynamodb, sink.tableName!, keySchema);
    const keys = Object.fromEntries(keySchema.map(({ name }) => [name, true]));
    const json = (item: Image) => imageJson(replicated(item, keys), "typed");
    const copied = new Map<string, unknown>();
    for (const [key, { [versionAttribute]: version, ...item }] of stored) {
      if (version !== undefined && !(expiryAttribute in item)) copied.set(key, json(item));
    }
    const expected = new Map([...items].map(([key, item]) => [key, json(item)]));
    return {
      arrived: `${counted(copied.size, "item")}, ${counted(stored.size - copied.size, "tombstone")}`,
      problems: difference(expected, copied, failed.behind),
    };
  },
};
