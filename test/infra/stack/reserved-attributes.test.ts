import { expect } from "chai";
import { expiryAttribute, versionAttribute } from "../../../handlers/kinds/replica/item.ts";
import { replica } from "../../../infra/kinds/replica.ts";
import { graph } from "../../support/graph.ts";
import { refusal } from "../../support/refusal.ts";

const id = { name: "id", type: "S" };
const copy = { kind: "replica" };
const version = 'is the attribute in which kind "replica" (destinations.copy) keeps the version of each item';
const end = 'is the attribute in which kind "replica" (destinations.copy) keeps when a tombstone may go';

describe("attributes that a kind keeps for itself", () => {
  it("are those that its handler writes", () => {
    expect(Object.keys(replica.reservedAttributes ?? {})).to.deep.equal([versionAttribute, expiryAttribute]);
  });

  it("are no key of a new source, nor its time to live", async () => {
    const source = {
      hashKey: { name: "_fanout_version", type: "S" },
      rangeKey: { name: "_fanout_expires", type: "N" },
      ttlAttribute: "_fanout_expires",
    };
    expect(await refusal({ source, destinations: { copy } })).to.deep.equal([
      `source.hashKey.name: "_fanout_version" ${version}, so it refuses items that have it; expected another name, or no such destination`,
      `source.rangeKey.name: "_fanout_expires" ${end}, so it refuses items that have it; expected another name, or no such destination`,
      `source.ttlAttribute: "_fanout_expires" ${end}, so it refuses items that have it; expected another name, or no such destination`,
    ]);
  });

  it("are told of each destination that keeps them", async () => {
    const source = { hashKey: id, ttlAttribute: "_fanout_expires" };
    const destinations = { copy: { ...copy, consumer: "all" }, other: { ...copy, consumer: "all" } };
    const lines = await refusal({ source, destinations });
    expect(lines.map((line) => /destinations\.\w+/.exec(line)?.[0])).to.deep.equal([
      "destinations.copy",
      "destinations.other",
    ]);
  });

  const streamArn = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/stream/2024-05-01T00:00:00.000";
  const orders = {
    attributes: [id],
    hashKey: "id",
    ...{ streamEnabled: true, streamArn, streamViewType: "NEW_AND_OLD_IMAGES", replicas: [] },
  };
  const source = { existing: { tableName: "orders" } };
  const having = (more: object) => ({ tables: { orders: { ...orders, ...more } } });

  it("are no key of an adopted source", async () => {
    const key = { attributes: [id, { name: "_fanout_version", type: "S" }], rangeKey: "_fanout_version" };
    expect(await refusal({ source, destinations: { copy } }, having(key))).to.deep.equal([
      `source.existing.tableName: the sort key of "orders" is "_fanout_version", which ${version}, so it refuses items that have it; expected another table, or no such destination`,
    ]);
  });

  it("show that an adopted source is a replica itself", async () => {
    const ttl = { attributeName: "_fanout_expires", enabled: true };
    expect(await refusal({ source, destinations: { copy } }, having({ ttl }))).to.deep.equal([
      `source.existing.tableName: the time to live of "orders" is "_fanout_expires", which ${end}, so it refuses items that have it; expected another table, or no such destination`,
    ]);
  });

  for (const [what, ttl] of [
    ["that is off", { attributeName: "_fanout_expires", enabled: false }],
    ["on another attribute", { attributeName: "expiresAt", enabled: true }],
    ["that is not described", undefined],
  ] as const)
    it(`are free where the source has a time to live ${what}`, async () => {
      const made = await graph({ config: { source, destinations: { copy } }, ...having({ ttl }) });
      expect(made.of("fanout:index:Destination")).to.have.lengthOf(1);
    });

  it("are free where no destination keeps them", async () => {
    const own = { hashKey: { name: "_fanout_version", type: "S" }, ttlAttribute: "_fanout_expires" };
    const made = await graph({ config: { source: own, destinations: { events: { kind: "sqs" } } } });
    expect(made.named("fanout-table").inputs).to.deep.include({
      hashKey: "_fanout_version",
      ttl: { attributeName: "_fanout_expires", enabled: true },
    });
  });
});

describe("a source whose attributes are called __proto__", () => {
  const odd = "__proto__";

  it("has its key and its time to live, and so has its replica", async () => {
    const hashKey = { name: odd, type: "B" };
    const made = await graph({ config: { source: { hashKey, rangeKey: id }, destinations: { copy } } });
    for (const name of ["fanout-table", "fanout-copy-replica"])
      expect(made.named(name).inputs).to.deep.include({ attributes: [hashKey, id], hashKey: odd, rangeKey: "id" });
    const expiring = await graph({ config: { source: { hashKey: id, ttlAttribute: odd }, destinations: { copy } } });
    expect(expiring.named("fanout-table").inputs.ttl).to.deep.equal({ attributeName: odd, enabled: true });
  });

  it("is adopted with its key", async () => {
    const streamArn = "arn:aws:dynamodb:us-east-1:111122223333:table/odd/stream/2024-05-01T00:00:00.000";
    const table = {
      attributes: [{ name: odd, type: "N" }],
      hashKey: odd,
      ...{ streamEnabled: true, streamArn, streamViewType: "NEW_IMAGE", replicas: [] },
      ttl: { attributeName: odd, enabled: true },
    };
    const config = { source: { existing: { tableName: "odd" } }, destinations: { copy } };
    const made = await graph({ config, tables: { odd: table } });
    expect(made.named("fanout-copy-replica").inputs).to.deep.include({ attributes: table.attributes, hashKey: odd });
  });
});
