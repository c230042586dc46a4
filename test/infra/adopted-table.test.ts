import { expect } from "chai";
import { type GraphOptions, graph } from "../support/graph.ts";
import { refusal } from "../support/refusal.ts";

const source = { existing: { tableName: "orders" } };
const streamArn = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/stream/2024-05-01T00:00:00.000";
const orders = {
  attributes: [
    { name: "customer", type: "S" },
    { name: "at", type: "N" },
    { name: "status", type: "S" },
  ],
  hashKey: "customer",
  rangeKey: "at",
  streamEnabled: true,
  streamArn,
  streamViewType: "NEW_AND_OLD_IMAGES",
  replicas: [],
};
const having = (more: object): GraphOptions => ({ tables: { orders: { ...orders, ...more } } });
const update = "aws dynamodb update-table --region us-east-1 --table-name orders --stream-specification";

describe("an adopted table", () => {
  it("stays as it is, and its stream is read", async () => {
    const made = await graph({ ...having({}), config: { source, destinations: { copy: { kind: "replica" } } } });
    expect(made.of("aws:dynamodb/table:Table").map(({ name }) => name)).to.deep.equal(["fanout-copy-replica"]);
    expect(made.named("fanout-copy-mapping").inputs.eventSourceArn).to.equal(streamArn);
    expect(made.named("fanout-copy-replica").inputs).to.deep.include({
      attributes: [
        { name: "customer", type: "S" },
        { name: "at", type: "N" },
      ],
      hashKey: "customer",
      rangeKey: "at",
    });
    expect(made.named("fanout-copy-policy").inputs.policy).to.not.include("kms:");
    expect(made.outputs).to.deep.include({ table: "orders", stream: streamArn });
  });

  it("may have no range key and a KMS key", async () => {
    const kmsKeyArn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const made = await graph({
      ...having({ rangeKey: "", serverSideEncryption: { enabled: true, kmsKeyArn } }),
      config: { source, destinations: { copy: { kind: "replica" } } },
    });
    expect(made.named("fanout-copy-replica").inputs).to.not.have.property("rangeKey");
    const { Statement } = JSON.parse(String(made.named("fanout-copy-policy").inputs.policy));
    expect(Statement).to.deep.include({
      Sid: "DecryptStream",
      Effect: "Allow",
      Action: ["kms:Decrypt"],
      Resource: [kmsKeyArn],
    });
  });

  it("is refused where there is none of its name", async () => {
    expect(await refusal({ source, destinations: { a: { kind: "sqs" } } })).to.deep.equal([
      'source.existing.tableName: there is no table "orders" in us-east-1; expected a table of this account and Region, or no `existing` to make one',
    ]);
  });

  it("is refused while its stream is off, with the command that turns it on", async () => {
    expect(
      await refusal(
        { source, destinations: { a: { kind: "sqs" } } },
        having({ streamEnabled: false, streamViewType: "" }),
      ),
    ).to.deep.equal([
      `source.existing.tableName: the stream of table "orders" is off; turn it on: ${update} StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES`,
    ]);
  });

  it("is refused while its stream cannot serve a destination, with the commands that change it", async () => {
    const destinations = { a: { kind: "sqs" }, b: { kind: "replica" } };
    expect(await refusal({ source, destinations }, having({ streamViewType: "KEYS_ONLY" }))).to.deep.equal([
      `destinations.b.kind: kind "replica" cannot work with the stream view type KEYS_ONLY; expected NEW_IMAGE or NEW_AND_OLD_IMAGES: turn the stream off and on again, which gives every reader of it a new stream: ${update} StreamEnabled=false && ${update} StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES`,
    ]);
  });

  it("is refused beside settings of a new one", async () => {
    const both = { ...source, hashKey: { name: "id", type: "S" } };
    expect(await refusal({ source: both, destinations: { a: { kind: "sqs" } } }, having({}))).to.deep.equal([
      "source.hashKey: says how to make a table, but `existing` adopts one as it is; expected one of the two",
    ]);
  });

  describe("that is global", () => {
    const replicas = [{ kmsKeyArn: "", regionName: "eu-west-1" }];
    const two = { a: { kind: "sqs" }, b: { kind: "replica" } };

    it("has one reader, unless more are allowed", async () => {
      expect(await refusal({ source, destinations: two }, having({ replicas }))).to.deep.equal([
        "destinations: 2 consumers (a, b) would read the stream, and maxReadersPerShard allows 1; leave a destination out, or raise maxReadersPerShard if throttled reads are acceptable: AWS designs the stream of a global table for one reader",
      ]);
      const config = { source, destinations: two, maxReadersPerShard: 2 };
      const made = await graph({ ...having({ replicas }), config });
      expect(made.of("fanout:index:Consumer")).to.have.lengthOf(2);
    });

    it("is not its own replica in another Region either", async () => {
      const copy = { kind: "replica", region: "eu-west-1", existing: { tableName: "orders" } };
      expect(await refusal({ source, destinations: { copy } }, having({ replicas }))).to.deep.equal([
        'destinations.copy.existing.tableName: "orders" in eu-west-1 is the source itself, which is a global table, and its changes would come back to it for ever; expected another table',
      ]);
    });
  });

  it("is looked up by a name that can be one", async () => {
    expect(
      await refusal({ source: { existing: { tableName: "a b" } }, destinations: { a: { kind: "sqs" } } }),
    ).to.deep.equal([
      'source.existing.tableName: "a b" is not allowed; expected 3 to 255 letters, digits, `_`, `-` and `.`',
    ]);
  });

  it("is never its own replica", async () => {
    const copy = { kind: "replica", existing: { tableName: "orders" } };
    expect(await refusal({ source, destinations: { copy } }, having({}))).to.deep.equal([
      'destinations.copy.existing.tableName: "orders" is the source itself, and its changes would come back to it for ever; expected another table',
    ]);
  });
});
