import { expect } from "chai";
import type { Image } from "../../handlers/core/contract.ts";
import { sharedDynamoDb } from "../support/dynamodb.ts";
import { sharedRedshift } from "../support/redshift.ts";
import type { Case, Destination, Step, Table } from "./case.ts";
import { runCase } from "./run-case.ts";

const destinations: readonly Destination[] = [
  { kind: "redshift", images: "typed" },
  { kind: "sqs", images: "plain", fifo: false },
  { kind: "replica" },
];

const proto = Object.fromEntries([["__proto__", { M: Object.fromEntries([["__proto__", { S: "kept" }]]) }]]);

/** Items written, written again, expired and deleted, some with these attributes. */
const stepsWith = (odd: Image): readonly Step[] => [
  { do: "put", key: 0, value: { is: "plain" } },
  { do: "put", key: 0, value: { is: "odd", attributes: odd } },
  { do: "put", key: 1, value: { is: "odd", attributes: odd } },
  { do: "put", key: 2, value: { is: "ended" } },
  { do: "put", key: 3, value: { is: "odd", attributes: odd } },
  { do: "put", key: 3, value: { is: "plain" } },
  { do: "remove", key: 1 },
  { do: "settle" },
  { do: "expire" },
];

function caseOf(table: Table, odd: Image): Case {
  const mapping = {
    batchSize: 10,
    maximumBatchingWindowInSeconds: 0,
    parallelizationFactor: 2,
    maximumRetryAttempts: 0,
    bisectBatchOnFunctionError: true,
  };
  const consumers = [{ destinations, mapping, function: { timeout: 10 } }];
  return { table, consumers, steps: stepsWith(odd), faults: { seed: 1, rules: [] } };
}

describe("an attribute that is called __proto__", function () {
  this.timeout(60_000);

  for (const [role, table] of [
    ["any attribute", { hash: "S" }],
    ["the hash key", { hash: "S", range: "N", proto: "key" }],
    ["the hash key, a binary", { hash: "B", proto: "key" }],
    ["the time to live", { hash: "N", proto: "end" }],
  ] as const)
    it(`reaches every destination as ${role}`, async () => {
      const { endpoint } = await sharedDynamoDb();
      const redshift = await sharedRedshift();
      const one = caseOf({ ...table, view: "NEW_AND_OLD_IMAGES" }, proto);
      const { problems, changes, failureMessages } = await runCase(one, { dynamoDbEndpoint: endpoint, redshift });
      expect(problems).to.deep.equal([]);
      expect(failureMessages).to.equal(0);
      expect(changes.map(({ operation }) => operation).sort()).to.deep.equal([
        ...["INSERT", "INSERT", "INSERT", "INSERT", "MODIFY", "MODIFY", "REMOVE", "REMOVE"],
      ]);
      const expired = changes.filter(({ record }) => record.userIdentity?.Type === "Service");
      expect(expired).to.have.length(1);
    });
});

describe("what the old version of global tables adds to items", function () {
  this.timeout(60_000);

  it("reaches a warehouse and a queue, and is not missed in a replica", async () => {
    const added: Image = {
      "aws:rep:deleting": { BOOL: false },
      "aws:rep:updatetime": { N: "1800000000.780001" },
      "aws:rep:updateregion": { S: "eu-west-1" },
    };
    const { endpoint } = await sharedDynamoDb();
    const redshift = await sharedRedshift();
    const one = caseOf({ hash: "S", view: "NEW_AND_OLD_IMAGES" }, added);
    const { problems, changes } = await runCase(one, { dynamoDbEndpoint: endpoint, redshift });
    expect(problems).to.deep.equal([]);
    expect(changes).to.have.length(8);
  });
});
