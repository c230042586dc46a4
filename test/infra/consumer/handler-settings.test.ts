import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import {
  environmentBytes,
  handlerSettings,
  mostEnvironmentBytes,
  variables,
} from "../../../infra/consumer/handler-settings.ts";
import type { Kind } from "../../../infra/kind.ts";
import { kinds } from "../../../infra/kinds.ts";
import { longestName } from "../../../infra/parts/longest-name.ts";
import { connectionsIn } from "../../support/connections.ts";
import { graph } from "../../support/graph.ts";

const source = { hashKey: { name: "id", type: "S" } };

describe("the settings of a function's handlers", () => {
  const bucket = pulumi.output("bodies");
  const queueUrl = pulumi.secret("https://queue");
  const list = [pulumi.output("a"), "b"];
  const events = {
    name: "events",
    kind: "sqs",
    settings: { queueUrl, fifo: true, none: undefined, claims: { bucket, prefix: "claims/" }, list, plain: ["x"] },
  };
  const box = { name: "box", kind: "shoebox", settings: { size: 3 } };

  it("are in the code where they are known, and outputs, secret ones too, are left to the environment", () => {
    const { file, late } = handlerSettings([events, box]);
    expect(JSON.parse(file)).to.deep.equal({
      box: { kind: "shoebox", settings: { size: 3 } },
      events: {
        kind: "sqs",
        settings: { fifo: true, claims: { prefix: "claims/" }, plain: ["x"] },
        late: [["queueUrl"], ["claims", "bucket"], ["list"]],
      },
    });
    expect(late).to.deep.equal({ events: [queueUrl, bucket, list] });
  });

  it("have the same bytes in whatever order the destinations are named", () => {
    expect(handlerSettings([box, events]).file).to.equal(handlerSettings([events, box]).file);
  });

  it("leave the variable out where nothing is late: earlier code would take an empty one for nothing to feed", () => {
    const { late } = handlerSettings([box]);
    expect(variables(late, JSON.stringify)).to.deep.equal({ NODE_OPTIONS: "--enable-source-maps" });
    expect(variables({ box: [3] }, JSON.stringify)).to.deep.equal({
      DESTINATIONS: '{"box":[3]}',
      NODE_OPTIONS: "--enable-source-maps",
    });
  });

  it("take as many bytes of the environment as Lambda stores: names, values, brackets, and quotes within quotes", () => {
    const stored = `{"DESTINATIONS":"{\\"a\\":[\\"xxx\\",\\"x\\"],\\"b\\":[\\"xx\\"]}","NODE_OPTIONS":"--enable-source-maps"}`;
    expect(environmentBytes({ a: [3, 1], b: [2] })).to.equal(stored.length);
    expect(mostEnvironmentBytes).to.equal(4096);
  });

  it("give 20 queues and 16 warehouses room in one function, and no more bytes than were counted", async () => {
    const many = (count: number, kind: string, more: object) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, i) => [`${kind}-${i + 1}`, { kind, consumer: "all", ...more }]),
      );
    for (const destinations of [many(20, "sqs", { fifo: false }), many(16, "redshift", {})]) {
      const made = await graph({ config: { source, destinations } });
      const { environment } = made.named("fanout-all-function").inputs as { environment: { variables: object } };
      const { coded } = await connectionsIn(made, "fanout-all-function");
      expect(Object.keys(coded)).to.have.members(Object.keys(destinations));
      expect(Buffer.byteLength(JSON.stringify(environment.variables))).to.be.within(1500, mostEnvironmentBytes);
    }
  });

  it("are known to a preview but for what is not made yet", async () => {
    const made = await graph({ config: { source, destinations: { events: { kind: "sqs" } } }, preview: true });
    const { text, DESTINATIONS } = await connectionsIn(made, "fanout-events-function");
    const after = await graph({ config: { source, destinations: { events: { kind: "sqs" } } } });
    expect(text).to.equal((await connectionsIn(after, "fanout-events-function")).text);
    expect(DESTINATIONS).to.not.be.a("string"); // it is unknown
  });
});

describe("the length of what a handler learns late", () => {
  const lengths = async (settings: object, more: object = {}) => {
    const made = await graph({ config: { source, destinations: { one: settings } }, ...more });
    const { DESTINATIONS } = await connectionsIn(made, "fanout-one-function");
    return (JSON.parse(DESTINATIONS!).one as unknown[]).map((value) => String(value).length);
  };
  const late = (kind: keyof typeof kinds, settings: object) => {
    const { schema, late }: Kind = kinds[kind];
    return late?.(schema.parse(settings), "fanout-one");
  };

  it("is exact where a queue or a table exists", async () => {
    const queueArn = "arn:aws:sqs:us-east-1:111122223333:orders.fifo";
    const url = "https://sqs.us-east-1.amazonaws.com/111122223333/orders.fifo";
    const queues = { [url]: { maxMessageSize: 1_048_576 } };
    const asked = await lengths({ kind: "sqs", queueArn }, { queues });
    expect(asked).to.deep.equal([url.length, 7, "fanout-one-claims-1234567".length]);
    expect(late("sqs", { queueArn })).to.deep.equal(asked);
    const said = await lengths({ kind: "sqs", queueArn, maximumMessageSize: 1024 });
    expect(late("sqs", { queueArn, maximumMessageSize: 1024 })).to.deep.equal(said);
    const existing = { tableName: "orders-copy" };
    const attributes = [{ name: "id", type: "S" }];
    const tables = { "orders-copy": { hashKey: "id", attributes, ttl: { enabled: false, attributeName: "" } } };
    expect(await lengths({ kind: "replica", existing }, { tables })).to.deep.equal([existing.tableName.length]);
    expect(late("replica", { existing })).to.deep.equal([existing.tableName.length]);
  });

  it("allows for the longest names of a service and of a Region where they are made", () => {
    const name = `fanout-${"a".repeat(60)}`;
    const { schema, late }: Kind = kinds.sqs;
    const url = `https://sqs.ap-southeast-1.amazonaws.com.cn/111122223333/`;
    expect(late?.(schema.parse({}), name)).to.deep.equal([url.length + 80, 63]);
    expect(longestName("fanout-a-queue", 80)).to.equal("fanout-a-queue-1234567".length);
    expect(longestName("fanout-a-queue", 80, ".fifo")).to.equal("fanout-a-queue-1234567.fifo".length);
  });
});
