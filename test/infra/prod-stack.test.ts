import { expect } from "chai";
import { connections } from "../support/connections.ts";
import { type Graph, graph } from "../support/graph.ts";

describe("the prod stack", () => {
  let prod: Graph;
  before(async () => {
    prod = await graph({ stack: "prod" });
  });

  it("protects the source and the replica", () => {
    expect(prod.named("fanout-table").inputs).to.deep.include({
      deletionProtectionEnabled: true,
      pointInTimeRecovery: { enabled: true },
    });
    expect(prod.named("fanout-copy-replica").inputs).to.deep.include({
      region: "us-west-2",
      deletionProtectionEnabled: true,
      pointInTimeRecovery: { enabled: true },
    });
  });

  it("reads the stream no more often than AWS designs it for", () => {
    const mappings = prod.of("aws:lambda/eventSourceMapping:EventSourceMapping");
    expect(mappings.map(({ name }) => name)).to.have.members(["fanout-events-mapping", "fanout-tables-mapping"]);
    expect(prod.named("fanout-tables-mapping").inputs).to.deep.include({
      batchSize: 1000,
      maximumBatchingWindowInSeconds: 10,
    });
    expect(prod.named("fanout-events-mapping").inputs).to.deep.include({ batchSize: 500, parallelizationFactor: 2 });
  });

  it("feeds the queue, whose order is that of arrival, from a consumer of its own", async () => {
    expect(Object.keys(await connections(prod, "fanout-events-function"))).to.deep.equal(["events"]);
  });

  it("feeds the two that order by version from one consumer, which may reach both and waits for both", async () => {
    expect(await connections(prod, "fanout-tables-function")).to.deep.equal({
      warehouse: {
        kind: "redshift",
        settings: {
          deliveryStreamName: "fanout-warehouse-stream-1234567",
          images: "typed",
          maxStringBytes: 65_535,
          claims: { bucket: "fanout-warehouse-staging-1234567", prefix: "claims/" },
        },
      },
      copy: {
        kind: "replica",
        settings: { tableName: "fanout-copy-replica-1234567", tombstoneDays: 15, region: "us-west-2" },
      },
    });
    const { Statement } = JSON.parse(String(prod.named("fanout-tables-policy").inputs.policy));
    expect(Statement.slice(-3)).to.deep.equal([
      {
        Sid: "Deliver0",
        Effect: "Allow",
        Action: ["firehose:PutRecordBatch"],
        Resource: ["arn:aws:firehose:us-east-1:111122223333:deliverystream/fanout-warehouse-stream-1234567"],
      },
      {
        Sid: "Deliver1",
        Effect: "Allow",
        Action: ["s3:PutObject"],
        Resource: ["arn:aws:s3:::fanout-warehouse-staging-1234567/claims/*"],
      },
      {
        Sid: "Deliver2",
        Effect: "Allow",
        Action: ["dynamodb:PutItem"],
        Resource: ["arn:aws:dynamodb:us-west-2:111122223333:table/fanout-copy-replica-1234567"],
      },
    ]);
    expect(prod.named("fanout-tables-mapping").waitsFor).to.include.members([
      "fanout-warehouse-stream",
      "fanout-copy-replica",
    ]);
  });

  it("has the shared consumer's function, mapping and failure queue in the outputs of both", () => {
    const { destinations } = prod.outputs as Record<string, Record<string, Record<string, unknown>>>;
    const { kind: _kind, sink: _sink, ...shared } = destinations!.copy!;
    expect(shared).to.deep.equal({
      function: "fanout-tables-function-1234567",
      logGroup: "fanout-tables-log-1234567",
      mapping: "uuid-of-fanout-tables-mapping",
      failureQueue: "https://sqs.us-east-1.amazonaws.com/111122223333/fanout-tables-failures-1234567",
      alarms: Object.fromEntries(
        ["failures", "oldest-failure", "iterator-age", "errors", "throttles", "lost"].map((alarm) => [
          alarm,
          `fanout-tables-alarm-${alarm}-1234567`,
        ]),
      ),
    });
    const { alarms, ...others } = shared as { alarms: object };
    expect(destinations!.warehouse).to.deep.include(others);
    expect(destinations!.warehouse!.alarms).to.deep.include(alarms);
  });

  it("keeps its functions' logs for a year", () => {
    for (const name of ["fanout-events-log", "fanout-tables-log"])
      expect(prod.named(name).inputs).to.deep.equal({ retentionInDays: 365 });
  });

  it("can be previewed", async () => {
    const preview = await graph({ stack: "prod", preview: true });
    expect(preview.resources).to.have.lengthOf(prod.resources.length);
  });
});
