import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { checkDestinations } from "../../../local/demo/check-destinations.ts";
import { writeWorkload } from "../../../local/demo/write-workload.ts";
import { type Engine, up } from "../../../local/engine/engine.ts";
import type { FaultRule } from "../../../local/engine/gateway/fault-rule.ts";
import { seededFaults } from "../../../local/engine/gateway/faults.ts";
import { readOutputs } from "../../../operate/stack/outputs.ts";
import { oversize } from "../../handlers/changes.ts";
import { sharedDynamoDb } from "../../support/dynamodb.ts";
import { stacks } from "../../support/stacks.ts";

const item = (id: string, attributes: object = {}) => ({ put: { id: { S: id }, ...attributes } });
const waves = [
  [item("large", oversize), item("other")],
  [item("large", { ...oversize, again: { BOOL: true } }), item("other", { n: { N: "1" } })],
  [item("large"), item("gone", oversize)],
  [{ remove: { id: { S: "gone" } } }],
];

describe("changes that are larger than a row or a message", () => {
  let engine: Engine | undefined;

  afterEach(async () => {
    await engine?.down();
    engine = undefined;
  });

  /** Brings the fan-out up and sends the changes through, while calls of S3 by the functions meet faults. */
  async function deliver(rule: FaultRule, consumer: object = {}) {
    const { endpoint } = await sharedDynamoDb();
    const destinations = { warehouse: { kind: "redshift", ...consumer }, events: { kind: "sqs", ...consumer } };
    engine = await up({
      ...stacks,
      dynamoDbEndpoint: endpoint,
      timeScale: 0.01,
      config: { "fanout:destinations": destinations },
      faults: seededFaults(5, [{ service: "s3", operation: "PutObject", ...rule }]),
    });
    const outputs = readOutputs(engine.outputs);
    await writeWorkload(engine.clients.dynamodb, outputs.table, { waves }, () => {});
    await engine.idle();
    const checked = await checkDestinations(engine, outputs);
    const faulted = engine.meters().filter(({ faults, operation }) => operation === "PutObject" && faults > 0);
    return { engine, outputs, checked, faulted: new Set(faulted.map(({ caller }) => caller.name)).size };
  }

  it("arrive everywhere, though S3 is too busy most of the time", async function () {
    this.timeout(90_000);
    const { engine, outputs, checked, faulted } = await deliver({ probability: 0.7, fault: "throttle" });
    expect(checked.map(({ name, problems, failureMessages }) => [name, problems, failureMessages])).to.deep.equal([
      ["warehouse", [], 0],
      ["events", [], 0],
    ]);
    expect(faulted).to.equal(2);
    for (const name of ["warehouse", "events"]) {
      const Bucket = outputs.destinations[name]!.sink.claimBucket!;
      const { Contents = [] } = await engine.clients.s3.send(new ListObjectsV2Command({ Bucket, Prefix: "claims/" }));
      // Large alone, before and after, before only; and the one that is gone, after and before.
      expect(Contents, name).to.have.length(5);
    }
  });

  it("go to the failure queue where S3 refuses them, and nothing points to what is not there", async function () {
    this.timeout(90_000);
    const fault = { status: 400, code: "InvalidRequest", message: "No." };
    const { engine, outputs, checked } = await deliver(
      { fault },
      { mapping: { maximumRetryAttempts: 0 }, function: { timeout: 1 } },
    );
    for (const { name, failureMessages, problems } of checked) {
      expect(failureMessages, name).to.be.greaterThan(0);
      expect(
        problems.filter((one) => !one.startsWith("the failure queue has a change of key hash")),
        name,
      ).to.deep.equal([]);
      const Bucket = outputs.destinations[name]!.sink.claimBucket!;
      const { Contents = [] } = await engine.clients.s3.send(new ListObjectsV2Command({ Bucket, Prefix: "claims/" }));
      expect(Contents, name).to.deep.equal([]);
    }
    const { changeLog } = outputs.destinations.warehouse!.sink;
    const rows = await engine.redshift!.query(`SELECT claim_check FROM ${changeLog} WHERE claim_check IS NOT NULL`);
    expect(rows).to.deep.equal([]);
  });
});
