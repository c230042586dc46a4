import { expect } from "chai";
import { memoryProblems } from "../../../local/soak/memory.ts";
import { report } from "../../../local/soak/report.ts";
import { type Soaked, soak } from "../../../local/soak/soak.ts";
import { sharedDynamoDb } from "../../support/dynamodb.ts";
import { tellFigures } from "../../support/figures.ts";

describe("the soak", () => {
  let soaked: Soaked;
  const rounds: number[] = [];

  before(async function () {
    this.timeout(240_000);
    const { endpoint } = await sharedDynamoDb();
    soaked = await soak({
      changes: 12_000,
      seed: 1,
      dynamoDbEndpoint: endpoint,
      onRound: ({ changes }) => rounds.push(changes),
    });
    await tellFigures(`The soak, in short:\n\n${report(soaked, Number.POSITIVE_INFINITY)}`);
  });

  it("loses nothing and lets nothing overtake while calls, invocations, reads and loads fail", () => {
    expect(soaked.problems).to.deep.equal([]);
    expect(rounds).to.deep.equal([10_000, 12_000]);
    expect(soaked.faults).to.be.at.least(100);
    // One change in 2,500 is refused by the warehouse.
    expect(soaked.failureMessages).to.be.at.least(4);
  });

  it("says in a table what it came to", () => {
    const text = report(soaked, Number.POSITIVE_INFINITY);
    expect(text).to.match(/^ 12,000 +\d+ s .* exact$/m);
    for (const width of [50, 80, 120])
      for (const line of report(soaked, width).split("\n")) expect(line.length).to.be.at.most(width);
    expect(text).to.match(/Every change has arrived everywhere, or a failure message covers it\.$/);
    const wrong = report({ ...soaked, problems: Array.from({ length: 22 }, (_, i) => `problem ${i}`) }, 80);
    expect(wrong)
      .to.match(/WRONG$/m)
      .and.to.match(/ {2}problem 19\n {2}and 2 more$/);
  });

  it("sees that memory goes on growing, and bears that it has grown", () => {
    const mebibytes = (...numbers: number[]) => numbers.map((number) => ({ memory: number * 1024 * 1024 }));
    expect(memoryProblems(mebibytes(800, 1_000, 1_100, 1_000, 1_400, 1_300))).to.deep.equal([]);
    expect(memoryProblems(mebibytes(800, 1_000, 1_100, 1_000, 1_400, 1_600))).to.deep.equal([
      "memory grew from 1100 MiB in the first 4 rounds to 1600 MiB",
    ]);
  });
});
