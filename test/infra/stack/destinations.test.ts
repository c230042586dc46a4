import { expect } from "chai";
import { kinds } from "../../../infra/kinds.ts";
import { graph } from "../../support/graph.ts";
import { refusal } from "../../support/refusal.ts";

const source = { hashKey: { name: "id", type: "S" } };
const events = { kind: "sqs" };

describe("the configuration of the destinations together", () => {
  it("gives each destination a change log of its own", async () => {
    const at = (host: string, more: object) => ({
      kind: "redshift",
      schema: "lake",
      existing: {
        jdbcUrl: `${host}.111122223333.us-east-1.redshift-serverless.amazonaws.com:5439/dev`,
        adminSecretArn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:admin-AbCdEf",
      },
      ...more,
    });
    const [main, same] = ["jdbc:redshift://main", "jdbc:postgresql://main"];
    const twice = { "a-b": at(main, {}), c: at(same, { table: "a_b" }), d: at(main, { table: "d" }) };
    expect(await refusal({ source, destinations: twice, maxReadersPerShard: 3 })).to.deep.equal([
      "destinations.c: would share lake.a_b_changes in main.111122223333.us-east-1.redshift-serverless.amazonaws.com/dev with destinations.a-b; expected one of its own",
    ]);
    const apart = { a: at(main, {}), b: at(main, { table: "a", schema: "pond" }), c: at("jdbc:redshift://bim", {}) };
    const made = await graph({ config: { source, destinations: apart, maxReadersPerShard: 3 } });
    expect(made.of("fanout:index:Destination")).to.have.lengthOf(3);
  });

  it("takes databases that differ in case only for the same, as Redshift does", async () => {
    const at = (database: string) => ({
      kind: "redshift",
      ...{ schema: "lake", table: "sales" },
      existing: {
        jdbcUrl: `jdbc:redshift://main.111122223333.us-east-1.redshift-serverless.amazonaws.com:5439/${database}`,
        adminSecretArn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:admin-AbCdEf",
      },
    });
    expect(await refusal({ source, destinations: { a: at("dev"), b: at("Dev") } })).to.deep.equal([
      "destinations.b: would share lake.sales_changes in main.111122223333.us-east-1.redshift-serverless.amazonaws.com/dev with destinations.a; expected one of its own",
    ]);
  });

  it("tells every destination but the first that a target is taken", async () => {
    const queue = { kind: "sqs", queueArn: "arn:aws:sqs:us-east-1:111122223333:orders.fifo" };
    const shared = (name: string) =>
      `destinations.${name}: would share the FIFO queue arn:aws:sqs:us-east-1:111122223333:orders.fifo with destinations.a; expected one of its own`;
    expect(
      await refusal({ source, destinations: { a: queue, b: queue, c: queue }, maxReadersPerShard: 3 }),
    ).to.deep.equal([shared("b"), shared("c")]);
  });

  for (const kind of Object.keys(kinds))
    it(`takes two destinations of kind ${kind} that make what they deliver to`, async () => {
      const made = await graph({ config: { source, destinations: { a: { kind }, "a-b": { kind } } } });
      expect(made.of("fanout:index:Destination").map(({ name }) => name)).to.deep.equal(["fanout-a", "fanout-a-b"]);
    });

  for (const [kind, view, needed] of [
    ["replica", "KEYS_ONLY", "NEW_IMAGE or NEW_AND_OLD_IMAGES"],
    ["replica", "OLD_IMAGE", "NEW_IMAGE or NEW_AND_OLD_IMAGES"],
    ["redshift", "KEYS_ONLY", "NEW_IMAGE or NEW_AND_OLD_IMAGES"],
  ])
    it(`refuses kind ${kind} on a stream of ${view}`, async () => {
      expect(
        await refusal({ source: { ...source, streamViewType: view }, destinations: { a: { kind } } }),
      ).to.deep.equal([
        `destinations.a.kind: kind "${kind}" cannot work with the stream view type ${view}; expected ${needed}: set source.streamViewType to NEW_AND_OLD_IMAGES, or leave it out`,
      ]);
    });

  for (const view of ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"])
    it(`takes kind sqs on a stream of ${view}`, async () => {
      const { named } = await graph({
        config: { source: { ...source, streamViewType: view }, destinations: { events } },
      });
      expect(named("fanout-table").inputs.streamViewType).to.equal(view);
    });
});
