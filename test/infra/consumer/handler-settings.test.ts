import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { environmentBytes, handlerSettings, mostEnvironmentBytes } from "../../../infra/consumer/handler-settings.ts";
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
