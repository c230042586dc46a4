import { expect } from "chai";
import { graph } from "../../support/graph.ts";

const source = { hashKey: { name: "id", type: "S" } };
const reserving = (reservedConcurrentExecutions: number, parallelizationFactor = 1) => ({
  kind: "sqs",
  mapping: { parallelizationFactor },
  function: { reservedConcurrentExecutions },
});
const warnings = async (destinations: object, preview = true) =>
  (await graph({ config: { source, destinations }, preview })).warnings;

describe("reserved concurrency", () => {
  const ask =
    "(see `aws lambda get-account-settings`; new accounts may have 10). To ask for more: aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value";

  it("says in a preview what the account must have, and how to ask for it", async () => {
    expect(await warnings({ a: reserving(5), b: reserving(20, 2) })).to.deep.equal([
      `destinations: reservedConcurrentExecutions come to 25, and Lambda keeps 100 for functions without a reservation: the account needs 125 ${ask} 1000`,
    ]);
    expect((await warnings({ a: reserving(2000) })).join()).to.match(/the account needs 2100 .* --desired-value 2100$/);
  });

  it("leaves that to AWS when it comes to an update", async () => {
    expect(await warnings({ a: reserving(5) }, false)).to.deep.equal([]);
  });

  it("says where it throttles even one shard", async () => {
    const line =
      "destinations.a.function.reservedConcurrentExecutions: 3 throttles even a single shard, which runs 4 batches at once (mapping.parallelizationFactor); expected as much for each shard";
    expect(await warnings({ a: reserving(3, 4) }, false)).to.deep.equal([line]);
    expect(await warnings({ a: reserving(4, 4) }, false)).to.deep.equal([]);
  });

  it("counts once for destinations that share a consumer", async () => {
    const shared = { kind: "replica", consumer: "both" };
    const function_ = { reservedConcurrentExecutions: 7 };
    const [line] = await warnings({ a: { ...shared, function: function_ }, b: shared });
    expect(line).to.contain("come to 7, and");
  });

  it("is no matter where there is none", async () => {
    expect(await warnings({ a: { kind: "sqs" } })).to.deep.equal([]);
  });
});
