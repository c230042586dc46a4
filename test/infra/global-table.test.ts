import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { type GraphOptions, graph } from "../support/graph.ts";
import { refusal } from "../support/refusal.ts";

const adopted = { existing: { tableName: "orders" } };
const orders = {
  attributes: [{ name: "id", type: "S" }],
  hashKey: "id",
  streamEnabled: true,
  streamArn: "arn:aws:dynamodb:us-east-1:111122223333:table/orders/stream/2024-05-01T00:00:00.000",
  streamViewType: "NEW_AND_OLD_IMAGES",
  replicas: [],
};
const replicas = [{ kmsKeyArn: "", regionName: "eu-west-1" }];
const ttl = { attributeName: "ends", enabled: true };
const made = { hashKey: { name: "id", type: "S" } };
const events = { kind: "sqs" };

/** What the function of a stack is told of its source. */
async function told(source: object, more: object = {}): Promise<unknown> {
  const options: GraphOptions = {
    config: { source, destinations: { events } },
    tables: { orders: { ...orders, ...more } },
  };
  const { code } = (await graph(options)).named("fanout-events-function").inputs as { code: pulumi.asset.AssetArchive };
  const { "source.json": file } = (await code.assets) as Record<string, pulumi.asset.StringAsset>;
  return JSON.parse(await file!.text);
}

describe("who writes to the source", () => {
  it("is anybody in any Region where the table has replicas, unless the stack says otherwise", async () => {
    expect(await told(adopted, { replicas, ttl })).to.deep.equal({ writes: "anywhere", ttlAttribute: "ends" });
    expect(await told(adopted, { replicas })).to.deep.equal({ writes: "anywhere" });
    expect(await told({ ...adopted, writes: "here" }, { replicas })).to.deep.equal({ writes: "here" });
  });

  it("is not this Region alone where time to live deletes in others", async () => {
    const config = { source: { ...adopted, writes: "here" }, destinations: { events } };
    expect(await refusal(config, { tables: { orders: { ...orders, replicas, ttl } } })).to.deep.equal([
      'source.writes: "orders" is also in eu-west-1, and its time to live, which is on, deletes there too; expected anywhere',
    ]);
  });

  it("is not known where the table has none, unless the stack says it", async () => {
    expect(await told(adopted, { ttl })).to.deep.equal({});
    expect(await told({ ...adopted, writes: "anywhere" }, { ttl })).to.deep.equal({
      writes: "anywhere",
      ttlAttribute: "ends",
    });
    expect(await told(made)).to.deep.equal({});
    expect(await told({ ...made, ttlAttribute: "ends", writes: "anywhere" })).to.deep.equal({
      writes: "anywhere",
      ttlAttribute: "ends",
    });
  });

  it("passes over a time to live that is off", async () => {
    const off = { attributeName: "ends", enabled: false };
    expect(await told(adopted, { replicas, ttl: off })).to.deep.equal({ writes: "anywhere" });
  });

  it("decides for how many readers the stream is designed", async () => {
    const config = { source: { ...made, writes: "anywhere" }, destinations: { a: events, b: events } };
    expect(await refusal(config)).to.deep.equal([
      "destinations: 2 consumers (a, b) would read the stream, and maxReadersPerShard allows 1; leave a destination out, or raise maxReadersPerShard if throttled reads are acceptable: AWS designs the stream of a global table for one reader",
    ]);
    const { of } = await graph({ config: { ...config, source: { ...made, writes: "here" } } });
    expect(of("fanout:index:Consumer")).to.have.lengthOf(2);
  });

  for (const source of [made, adopted])
    it(`is one of two, beside ${Object.keys(source)[0]}`, async () => {
      const config = { source: { ...source, writes: "there" }, destinations: { events } };
      expect(await refusal(config, { tables: { orders } })).to.deep.equal([
        'source.writes: "there" is not allowed; expected one of here, anywhere',
      ]);
    });

  it("is all that may stand beside an adopted table", async () => {
    const source = { ...adopted, writes: "here", ttlAttribute: "ends" };
    expect(await refusal({ source, destinations: { events } }, { tables: { orders } })).to.deep.equal([
      "source.ttlAttribute: says how to make a table, but `existing` adopts one as it is; expected one of the two",
    ]);
  });
});
