import { expect } from "chai";
import { writeWorkload } from "../../../local/demo/write-workload.ts";
import { type Engine, up } from "../../../local/engine/engine.ts";
import { readOutputs } from "../../../operate/stack/outputs.ts";
import type { Case, Destination } from "../../nothing-lost/case.ts";
import { check } from "../../nothing-lost/check.ts";
import { itemOf } from "../../nothing-lost/items.ts";
import { configuration } from "../../nothing-lost/program.ts";
import { sharedDynamoDb } from "../../support/dynamodb.ts";
import { tellFigures } from "../../support/figures.ts";
import { sharedRedshift } from "../../support/redshift.ts";
import { stacks } from "../../support/stacks.ts";

const size = 1_000;
const retries = 3;

const poisons = [
  { destination: { kind: "redshift", images: "typed" }, is: "long", place: 0 },
  { destination: { kind: "redshift", images: "typed" }, is: "long", place: 617 },
  { destination: { kind: "replica" }, is: "reserved", place: 617 },
] as const satisfies readonly {
  readonly destination: Destination;
  readonly is: "long" | "reserved";
  readonly place: number;
}[];

describe("one poison record in a batch of 1,000", () => {
  let engine: Engine | undefined;
  const lines: string[] = [];

  afterEach(async () => {
    await engine?.down();
    engine = undefined;
  });
  after(() => tellFigures(["One poison record in a batch of 1,000:", ...lines].join("\n")));

  for (const { destination, is, place } of poisons) {
    it(`costs ${destination.kind} few invocations, and no neighbour: ${is}, at place ${place}`, async function () {
      this.timeout(60_000);
      const one: Case = {
        table: { hash: "S", view: "NEW_AND_OLD_IMAGES" },
        consumers: [
          {
            destinations: [destination],
            // The window gathers the whole batch: it is full before it is over.
            mapping: {
              batchSize: size,
              maximumBatchingWindowInSeconds: 300,
              parallelizationFactor: 1,
              maximumRetryAttempts: retries,
              bisectBatchOnFunctionError: true,
            },
            function: { timeout: 20 },
          },
        ],
        steps: [],
        faults: { seed: 1, rules: [] },
      };
      const { endpoint } = await sharedDynamoDb();
      const redshift = destination.kind === "redshift" ? { redshift: await sharedRedshift() } : {};
      engine = await up({
        ...stacks,
        dynamoDbEndpoint: endpoint,
        timeScale: 0.1,
        config: configuration(one),
        ...redshift,
      });
      const outputs = readOutputs(engine.outputs);
      const write = (key: number) => ({
        put: itemOf(one.table, key, key === place ? { is } : { is: "plain" }, key),
      });
      const ordered = [...Array(size).keys()].map((key) => [write(key)]);
      // The poison's place in the stream is its place among the writes.
      const waves = [ordered.slice(0, place).flat(), ordered[place]!, ordered.slice(place + 1).flat()];
      await writeWorkload(engine.clients.dynamodb, outputs.table, { waves }, () => {});
      await engine.idle();

      const { problems, covered, failureMessages, changes } = await check(one, engine, outputs);
      expect(problems).to.deep.equal([]);
      expect(failureMessages).to.equal(1);
      expect(covered[`${destination.kind}-0-0`]).to.deep.equal([changes[place]]);
      const { stats } = engine.mappings.values().next().value!.mapping;
      expect(stats.batches).to.equal(1);
      const own = 1 + retries;
      const beyond = stats.invocations - own;
      lines.push(
        `  ${destination.kind}, ${is} at place ${place}: ${beyond} invocations beyond the poison's own ${own}`,
      );
      // Each cut costs the half with the poison, which fails, and at most the other one, which arrives.
      const cuts = Math.ceil(Math.log2(size));
      expect(stats.failedInvocations - own).to.be.at.most(cuts);
      expect(beyond).to.be.at.most(2 * cuts);
    });
  }
});
