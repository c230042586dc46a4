import { expect } from "chai";
import fc from "fast-check";
import { graph } from "../../support/graph.ts";
import { refusal } from "../../support/refusal.ts";

type Config = ReturnType<typeof sound>;

/** A stack that nothing is wrong with. */
const sound = () => ({
  source: { hashKey: { name: "id", type: "S" } } as Record<string, unknown>,
  maxReadersPerShard: 5,
  alarms: {} as Record<string, unknown>,
  destinations: {
    a: { kind: "sqs" } as Record<string, unknown>,
    b: { kind: "replica", consumer: "both", mapping: { batchSize: 5 } } as Record<string, unknown>,
    c: { kind: "sqs", fifo: false, consumer: "both" } as Record<string, unknown>,
    d: { kind: "redshift" } as Record<string, unknown>,
  },
});

/** Mistakes in different settings, and the lines that each of them gets. */
const mistakes: readonly [make: (config: Config) => unknown, lines: readonly string[]][] = [
  [
    ({ source }) => Object.assign(source, { hashKey: { name: "id", type: "X" } }),
    ['source.hashKey.type: "X" is not allowed; expected one of S, N, B'],
  ],
  [
    ({ source }) => Object.assign(source, { readCapacity: 5 }),
    ["source.readCapacity: has no meaning without billingMode PROVISIONED; leave it out, or set billingMode"],
  ],
  [
    ({ source }) => Object.assign(source, { streamViewType: "KEYS_ONLY" }),
    ["b", "d"].map(
      (name) =>
        `destinations.${name}.kind: kind "${name === "b" ? "replica" : "redshift"}" cannot work with the stream view type KEYS_ONLY; expected NEW_IMAGE or NEW_AND_OLD_IMAGES: set source.streamViewType to NEW_AND_OLD_IMAGES, or leave it out`,
    ),
  ],
  [
    (config) => Object.assign(config, { maxReadersPerShard: 0 }),
    [
      "maxReadersPerShard: 0 is not allowed; expected a whole number of at least 1",
      "destinations: 3 consumers (a, both, d) would read the stream, and maxReadersPerShard allows 2; let destinations share one (`consumer: both`), or raise maxReadersPerShard if throttled reads are acceptable: AWS designs a stream for two readers",
    ],
  ],
  [
    ({ alarms }) => Object.assign(alarms, { email: "operators" }),
    ['alarms.email: "operators" is not allowed; expected an e-mail address'],
  ],
  [
    ({ alarms }) => Object.assign(alarms, { topicArn: "arn:aws:sns:eu-west-1:111122223333:operators" }),
    ["alarms.topicArn: the topic is in eu-west-1; expected one in us-east-1, where the alarms are"],
  ],
  [
    ({ destinations: { a } }) => Object.assign(a, { maxReceiveCount: 0 }),
    ["destinations.a.maxReceiveCount: 0 is not allowed; expected a whole number from 1 to 1000"],
  ],
  [
    ({ destinations: { a } }) => Object.assign(a, { queueArn: "arn:aws:sqs:eu-west-1:111122223333:orders.fifo" }),
    ["destinations.a.queueArn: the queue is in eu-west-1; expected one in the stack's Region us-east-1"],
  ],
  [
    ({ destinations: { a } }) => Object.assign(a, { filters: [[], '{"eventName":'] }),
    [
      "destinations.a.filters[0]: [] is not allowed; expected an event filter pattern",
      'destinations.a.filters[1]: "{\\"eventName\\":" is not a JSON object; expected a pattern such as {"eventName":["INSERT"]}',
    ],
  ],
  [
    ({ destinations: { b } }) => Object.assign(b, { tombstoneDays: 0 }),
    ["destinations.b.tombstoneDays: 0 is not allowed; expected a whole number from 2 to 3650"],
  ],
  [
    ({ destinations: { b } }) => Object.assign(b, { existing: { tableName: "copy" }, deletionProtection: true }),
    [
      "destinations.b.deletionProtection: says how to make a table, but `existing` names one; expected one of the two",
      'destinations.b.existing.tableName: there is no table "copy" in us-east-1; expected a table of this account and Region, or no `existing` to make one',
    ],
  ],
  [
    ({ destinations: { c } }) =>
      Object.assign(c, { mapping: { batchSize: 6, parallelizationFactor: 11, maximumRetryAttempts: "few" } }),
    [
      "destinations.c.mapping.parallelizationFactor: 11 is not allowed; expected a whole number from 1 to 10",
      'destinations.c.mapping.maximumRetryAttempts: "few" is not allowed; expected a whole number from 0 to 10000, or -1 for no limit',
      'destinations.c.mapping.batchSize: 6 contradicts 5 of destinations.b, which shares the consumer "both"; expected one value, said once',
    ],
  ],
  [
    ({ destinations: { d } }) => Object.assign(d, { bufferingInterval: 1, usageLimit: { period: "hourly" } }),
    [
      "destinations.d.bufferingInterval: 1 is not allowed; expected a whole number from 60 to 900",
      'destinations.d.usageLimit.period: "hourly" is not allowed; expected one of daily, weekly, monthly',
    ],
  ],
  [
    ({ destinations: { d } }) => Object.assign(d, { baseCapacity: 32, maxCapacity: 16 }),
    ["destinations.d.maxCapacity: 16 is not allowed; expected at least baseCapacity, which is 32"],
  ],
];

describe("the problems of a configuration", () => {
  it("are none without a mistake", async () => {
    expect((await graph({ config: sound() })).of("fanout:index:Consumer")).to.have.lengthOf(3);
  });

  it("are those of each mistake, whatever else is wrong", async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray([...mistakes], { minLength: 1 }), async (made) => {
        const config = sound();
        for (const [make] of made) make(config);
        expect([...(await refusal(config))].sort()).to.deep.equal(made.flatMap(([, lines]) => lines).sort());
      }),
      { numRuns: 60, seed: 12, examples: [[[...mistakes]]] },
    );
  });

  it("are no more than one for a mistake that other checks would read", async () => {
    const lines = async (change: (config: Config) => unknown) => {
      const config = sound();
      change(config);
      return refusal(config);
    };
    expect(
      await lines(({ source }) => Object.assign(source, { billingMode: "PROVISION", readCapacity: 5 })),
    ).to.deep.equal(['source.billingMode: "PROVISION" is not allowed; expected one of PAY_PER_REQUEST, PROVISIONED']);
    expect(await lines(({ source }) => Object.assign(source, { streamViewType: "KEYS" }))).to.deep.equal([
      'source.streamViewType: "KEYS" is not allowed; expected one of KEYS_ONLY, NEW_IMAGE, OLD_IMAGE, NEW_AND_OLD_IMAGES',
    ]);
    expect(
      await lines(({ destinations: { a } }) => Object.assign(a, { queueArn: "orders", fifo: true, encryptionKey: 5 })),
    ).to.have.lengthOf(2);
    expect(
      await lines(({ destinations: { c } }) => Object.assign(c, { filters: "all", mapping: { batchSize: "5" } })),
    ).to.have.lengthOf(2);
    expect(
      await lines(({ destinations: { d } }) => Object.assign(d, { existing: "main", baseCapacity: "8" })),
    ).to.have.lengthOf(3); // and that a schema is missing
    expect(
      await lines(({ destinations }) => {
        for (const each of Object.values(destinations)) each.consumer = 5;
      }),
    ).to.have.lengthOf(4);
  });
});
