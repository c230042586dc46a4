import { expect } from "chai";
import { sharedDynamoDb } from "../support/dynamodb.ts";
import { tellFigures } from "../support/figures.ts";
import { sharedRedshift } from "../support/redshift.ts";
import { cases } from "./cases.ts";
import { Figures, figuresTable } from "./figures.ts";
import { runCase } from "./run-case.ts";
import { search } from "./search.ts";

// In `npm test` the same cases each time, as many as there is time for. A nightly run has all the time, and cases of its own.
const { FANOUT_RUNS, FANOUT_SEED = "1", FANOUT_PATH } = process.env;
const runs = Number(FANOUT_RUNS ?? 40);
const limit = FANOUT_RUNS === undefined && FANOUT_PATH === undefined ? { limit: 25_000 } : {};
const options = { runs, seed: Number(FANOUT_SEED), ...limit, ...(FANOUT_PATH !== undefined && { path: FANOUT_PATH }) };

describe("nothing is lost and nothing out of order, whatever the program, the workload and the faults", () => {
  const all: Figures[] = [];

  after(() => tellFigures(`Programs, workloads and faults at random, nothing lost:\n\n${figuresTable(all)}`));

  for (const warehouse of [false, true]) {
    const title = warehouse ? "with a warehouse" : "without a warehouse";
    it(title, async function () {
      this.timeout(0);
      const { endpoint } = await sharedDynamoDb();
      const figures = new Figures(title);
      all.push(figures);
      const run = async (one: Parameters<typeof runCase>[0]) => {
        const redshift = warehouse ? { redshift: await sharedRedshift() } : {};
        const ran = await runCase(one, { dynamoDbEndpoint: endpoint, ...redshift });
        figures.add(ran);
        return ran;
      };
      const { failure, runs: done } = await search(cases({ warehouse }), run, options);
      expect(failure, failure).to.equal(undefined);
      expect(done).to.be.at.least(1);
    });
  }
});
