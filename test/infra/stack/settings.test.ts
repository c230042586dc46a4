import { expect } from "chai";
import { kinds } from "../../../infra/kinds.ts";
import { refusal } from "../../support/refusal.ts";

const known = Object.keys(kinds).join(", ");

const source = { hashKey: { name: "id", type: "S" } };
const events = { kind: "sqs" };

describe("the configuration", () => {
  it("with six mistakes is refused in six lines, before anything is created", async () => {
    const lines = await refusal({
      source: { hashKey: { name: "id", type: "X" }, rangKey: { name: "at", type: "N" } },
      maxReadersPerShard: 0,
      destinations: {
        a: { kind: "sqss" },
        b: { kind: "replica", consumer: "a", mapping: { batchSize: 20_000 }, function: { memory: 256 } },
      },
    });
    expect(lines).to.deep.equal([
      'source.hashKey.type: "X" is not allowed; expected one of S, N, B',
      "source.rangKey: is not a setting; did you mean `rangeKey`?",
      "maxReadersPerShard: 0 is not allowed; expected a whole number of at least 1",
      `destinations.a.kind: "sqss" is not a kind; did you mean \`sqs\`? expected one of ${known}`,
      "destinations.b.mapping.batchSize: 20000 is not allowed; expected a whole number from 1 to 10000",
      "destinations.b.function.memory: is not a setting; did you mean `memorySize`?",
    ]);
  });

  it("needs a source and at least one destination", async () => {
    expect(await refusal({})).to.deep.equal([
      "source: is missing; expected `fanout:source` with `hashKey` and further settings of a table to make, or `existing.tableName` of one to adopt",
      "destinations: there are none; expected at least one under `fanout:destinations`, such as `events: { kind: sqs }`",
    ]);
    expect(await refusal({ source, destinations: {} })).to.have.lengthOf(1);
    expect(await refusal({ source: "films", destinations: ["events"] })).to.deep.equal([
      'source: "films" is not allowed; expected `hashKey` and further settings of a table to make, or `existing.tableName` of one to adopt',
      'destinations: ["events"] is not allowed; expected destinations by name',
    ]);
  });

  it("needs a Region", async () => {
    const { AWS_REGION, AWS_DEFAULT_REGION, ...rest } = process.env;
    const before = process.env;
    process.env = rest;
    try {
      const none =
        "aws:region: is missing; expected a Region: `pulumi config set aws:region us-east-1`, or AWS_REGION in the environment";
      expect(await refusal({ source, destinations: { events }, "aws:region": undefined })).to.deep.equal([none]);
      expect(
        await refusal({
          source: { existing: { tableName: "orders" }, name: "orders" },
          destinations: {
            a: { kind: "sqss" },
            b: { kind: "sqs", queueArn: "arn:aws:sqs:us-east-1:111122223333:a", fifo: false },
            c: { kind: "replica", existing: { tableName: "copy" }, deletionProtection: true },
            d: { kind: "redshift", baseCapacity: 32, maxCapacity: 16 },
          },
          maxReadersPerShard: 4,
          "aws:region": undefined,
        }),
      ).to.deep.equal([
        none,
        "source.name: says how to make a table, but `existing` adopts one as it is; expected one of the two",
        `destinations.a.kind: "sqss" is not a kind; did you mean \`sqs\`? expected one of ${known}`,
        "destinations.b.fifo: says how to make a queue, but queueArn names one that exists; expected one of the two",
        "destinations.c.deletionProtection: says how to make a table, but `existing` names one; expected one of the two",
        "destinations.d.maxCapacity: 16 is not allowed; expected at least baseCapacity, which is 32",
      ]);
    } finally {
      process.env = before;
    }
  });
});
