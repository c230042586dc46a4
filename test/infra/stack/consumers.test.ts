import { expect } from "chai";
import { graph } from "../../support/graph.ts";
import { refusal } from "../../support/refusal.ts";

const source = { hashKey: { name: "id", type: "S" } };
const shared = (a: object, b: object) => ({
  source,
  destinations: {
    a: { kind: "sqs", fifo: false, consumer: "both", ...a },
    b: { kind: "replica", consumer: "both", ...b },
  },
});

describe("a shared consumer", () => {
  it("takes each setting from the destinations that give it", async () => {
    const made = await graph({
      config: shared(
        { mapping: { batchSize: 10 }, function: { timeout: 30 } },
        { mapping: { batchSize: 10, parallelizationFactor: 2 }, function: { memorySize: 256 } },
      ),
    });
    expect(made.of("aws:lambda/function:Function").map(({ name }) => name)).to.deep.equal(["fanout-both-function"]);
    expect(made.named("fanout-both-function").inputs).to.deep.include({ timeout: 30, memorySize: 256 });
    expect(made.named("fanout-both-mapping").inputs).to.deep.include({ batchSize: 10, parallelizationFactor: 2 });
  });

  it("may be one destination's own", async () => {
    const made = await graph({
      config: { source, destinations: { a: { kind: "sqs", fifo: false }, b: { kind: "replica", consumer: "a" } } },
    });
    expect(made.of("fanout:index:Consumer").map(({ name }) => name)).to.deep.equal(["fanout-a"]);
  });

  it("is refused where its destinations contradict each other", async () => {
    const filters = [{ eventName: ["REMOVE"] }];
    expect(
      await refusal(
        shared(
          { mapping: { batchSize: 10 }, function: { logLevel: "WARN" } },
          { mapping: { batchSize: 20 }, function: { logLevel: "INFO" }, filters },
        ),
      ),
    ).to.deep.equal([
      'destinations.b.mapping.batchSize: 20 contradicts 10 of destinations.a, which shares the consumer "both"; expected one value, said once',
      'destinations.b.function.logLevel: "INFO" contradicts "WARN" of destinations.a, which shares the consumer "both"; expected one value, said once',
      'destinations.b.filters: differs from the filters of destinations.a, which shares the consumer "both"; expected the same filters, or another consumer',
    ]);
  });

  it("is refused where what its function must be told of them may exceed Lambda's 4 KB, and takes as many as fit", async () => {
    const many = (count: number) => {
      const one = { kind: "sqs", fifo: false, consumer: "all" };
      const names = Array.from({ length: count }, (_, i) => `q-${String(i).padStart(28, "0")}`);
      return { source, destinations: Object.fromEntries(names.map((name) => [name, one])) };
    };
    expect(await refusal(many(25))).to.deep.equal([
      `destinations.q-${"19".padStart(28, "0")}.consumer: the names of what "all" feeds (queues, streams, tables, buckets of 25 destinations) may take 5,233 bytes of its function's environment, and Lambda allows 4,096: the first 19 fit; expected another consumer for the others, or shorter names of destinations`,
    ]);
    const made = await graph({ config: many(19) });
    const { environment } = made.named("fanout-all-function").inputs as { environment: { variables: object } };
    expect(Buffer.byteLength(JSON.stringify(environment.variables))).to.be.within(3500, 4096);
  });

  it("is the way out where more would read the stream than AWS designs it for", async () => {
    const destinations = { a: { kind: "sqs" }, b: { kind: "replica" }, c: { kind: "sqs", fifo: false } };
    expect(await refusal({ source, destinations })).to.deep.equal([
      "destinations: 3 consumers (a, b, c) would read the stream, and maxReadersPerShard allows 2; let destinations share one (`consumer: b`), or raise maxReadersPerShard if throttled reads are acceptable: AWS designs a stream for two readers",
    ]);
    const raised = await graph({ config: { source, destinations, maxReadersPerShard: 3 } });
    expect(raised.of("aws:lambda/eventSourceMapping:EventSourceMapping")).to.have.lengthOf(3);
    const two = await graph({
      config: { source, destinations: { ...destinations, c: { kind: "sqs", fifo: false, consumer: "b" } } },
    });
    expect(two.of("aws:lambda/eventSourceMapping:EventSourceMapping")).to.have.lengthOf(2);
  });

  it("is not proposed where no two destinations can share one", async () => {
    const destinations = { a: { kind: "sqs" }, b: { kind: "sqs" }, c: { kind: "replica" } };
    expect(await refusal({ source, destinations })).to.deep.equal([
      "destinations: 3 consumers (a, b, c) would read the stream, and maxReadersPerShard allows 2; leave a destination out, or raise maxReadersPerShard if throttled reads are acceptable: AWS designs a stream for two readers",
    ]);
  });

  const late =
    "what fails at one of them is delivered again to all, and once the 5 minutes are over in which SQS knows a duplicate, a FIFO queue would show older versions behind newer ones; expected a consumer of its own, or";
  const queueArn = "arn:aws:sqs:us-east-1:111122223333:orders";

  it("does not feed a FIFO queue, which would show an older version after a newer one", async () => {
    expect(await refusal(shared({ fifo: true }, {}))).to.deep.equal([
      `destinations.a.consumer: "both" also feeds destinations.b: ${late} \`fifo: false\``,
    ]);
    expect(await refusal(shared({ fifo: undefined, queueArn: `${queueArn}.fifo` }, {}))).to.deep.equal([
      `destinations.a.consumer: "both" also feeds destinations.b: ${late} a standard queue`,
    ]);
    const own = { a: { kind: "sqs" }, b: { kind: "replica", consumer: "a" } };
    expect(await refusal({ source, destinations: own })).to.deep.equal([
      `destinations.a.consumer: "a" also feeds destinations.b: ${late} \`fifo: false\``,
    ]);
  });

  it("feeds a standard queue, which keeps no order anyway", async () => {
    const url = "https://sqs.us-east-1.amazonaws.com/111122223333/orders";
    const queues = { [url]: { maxMessageSize: 1_048_576 } };
    const made = await graph({ config: shared({ fifo: undefined, queueArn }, {}), queues });
    expect(made.of("fanout:index:Consumer")).to.have.lengthOf(1);
  });

  it("carries no name that AWS would not take", async () => {
    expect(await refusal(shared({ consumer: "Both!" }, { consumer: "a" }))).to.deep.equal([
      'destinations.a.consumer: "Both!" is not allowed; expected 1 to 30 lower-case letters, digits and `-`, beginning with a letter',
    ]);
  });
});
