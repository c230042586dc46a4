import { expect } from "chai";
import { checkDestinations } from "../../local/demo/check-destinations.ts";
import { readOutputs } from "../../local/demo/outputs.ts";
import type { Write } from "../../local/demo/workload.ts";
import { writeWorkload } from "../../local/demo/write-workload.ts";
import { type Engine, up } from "../../local/engine.ts";
import { seededFaults } from "../../local/gateway/faults.ts";
import { seededRandom } from "../../local/seeded-random.ts";
import { sharedDynamoDb } from "../support/dynamodb.ts";

const keys = 50;
const writes = 20_000;

describe("20,000 changes to 50 keys while a fifth of all entries fails", () => {
  let engine: Engine;

  before(async function () {
    this.timeout(60_000);
    const { endpoint } = await sharedDynamoDb();
    engine = await up({
      dynamoDbEndpoint: endpoint,
      faults: seededFaults(1, [
        { operation: "SendMessageBatch", fault: { failEntries: 0.2 } },
        { operation: "PutRecordBatch", fault: { failEntries: 0.2 } },
        { operation: "PutItem", probability: 0.2, fault: "throttle" },
      ]),
    });
  });

  after(() => engine?.down());

  it("delivers every change to the change log and, once and in order per key, to the queue; view and replica end like the source", async function () {
    this.timeout(240_000);
    const outputs = readOutputs(engine.outputs);
    const { dynamodb } = engine.clients;
    const waves = wavesOf(seededRandom(1));
    expect(waves.flat()).to.have.length(writes);
    await writeWorkload(dynamodb, outputs.table, { waves }, () => {});
    await engine.idle();

    const checked = await checkDestinations(engine, outputs);
    const results = checked.map(({ name, changes, failureMessages, problems }) => ({
      ...{ name, changes, failureMessages, problems },
    }));
    expect(results).to.deep.equal(
      ["warehouse", "events", "copy"].map((name) => ({ name, changes: writes, failureMessages: 0, problems: [] })),
    );
    expect(checked.map(({ arrived }) => arrived)).to.include(`${writes} messages`);
    const faulty = engine.meters().filter(({ faults }) => faults > 0);
    expect(faulty.map(({ operation }) => operation)).to.have.members(["SendMessageBatch", "PutRecordBatch", "PutItem"]);
  });
});

/** Each wave writes every second key once: mostly a new value, now and then a deletion. */
function wavesOf(random: () => number): Write[][] {
  const width = keys / 2;
  return Array.from({ length: writes / width }, (_, wave) =>
    Array.from({ length: width }, (_, i): Write => {
      const id = { S: `key-${2 * i + (wave % 2)}` };
      const counter = { N: String(wave) };
      // Every key exists when it is first deleted and again after each deletion, so that every write is a change.
      const removes = wave > 1 && wave % 4 < 2 && random() < 0.1;
      return removes ? { remove: { id } } : { put: { id, counter, fraction: { N: String(random()) } } };
    }),
  );
}
