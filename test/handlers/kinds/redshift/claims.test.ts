import { expect } from "chai";
import fc from "fast-check";
import type { Deliver, Image } from "../../../../handlers/core/contract.ts";
import { refusal } from "../../../../handlers/kinds/redshift/refusal.ts";
import { row } from "../../../../handlers/kinds/redshift/row.ts";
import { image } from "../../arbitraries.ts";
import { busyMachine, callFor } from "../../call-for.ts";
import { change, oversize } from "../../changes.ts";
import { startWarehouse, type Warehouse } from "./warehouse.ts";

describe("redshift, a change whose row exceeds a record", function () {
  this.timeout(busyMachine);

  let warehouse: Warehouse;
  let deliver: Deliver;

  before(async () => {
    warehouse = await startWarehouse(3);
    deliver = warehouse.connect();
  });

  after(() => warehouse.stop());

  beforeEach(() => warehouse.reset());

  it("leaves its images to S3, in a body that is the same whenever it is delivered", async () => {
    const sent = change({ after: oversize });
    const call = callFor(5000);
    expect(await deliver([sent], call)).to.deep.equal([]);
    const [row] = warehouse.rows();
    const uri = `s3://${warehouse.store.claims.bucket}/claims/${sent.keyHash}/${sent.version.padStart(40, "0")}-${sent.eventId}.json`;
    const head = {
      key_hash: sent.keyHash,
      keys: { id: { S: "a" } },
      operation: "MODIFY",
      version: sent.version.padStart(40, "0"),
      event_id: sent.eventId,
      changed_at: "2026-01-02 03:04:05",
      expired: false,
    };
    expect(row).to.deep.equal({ ...head, sent_at: row.sent_at, claim_check: uri });
    const body = await warehouse.store.readUri(uri);
    expect(JSON.parse(body)).to.deep.equal({
      ...head,
      old_image: { id: { S: "a" }, n: { N: sent.version } },
      new_image: { id: { S: "a" }, n: { N: sent.version }, ...oversize },
    });
    expect(call.calls).to.equal(2);
    expect(await deliver([sent], callFor(5000))).to.deep.equal([]);
    expect(warehouse.rows().map(({ claim_check }) => claim_check)).to.deep.equal([uri, uri]);
    expect(await warehouse.store.readUri(uri)).to.equal(body);
  });

  it("is not refused for what only its images hold, but for its key", async () => {
    const texts = { nul: { S: "\0" }, half: { S: "\ud83d" }, long: { S: "x".repeat(100_000) } };
    const sent = change({ after: { ...oversize, ...texts } });
    expect(await deliver([sent], callFor(5000))).to.deep.equal([]);
    const body = JSON.parse(await warehouse.store.readUri(warehouse.rows()[0].claim_check));
    expect(body.new_image).to.deep.include(texts);
    const keys = { id: { S: "a\ud83d" } };
    const bad = { ...change({ after: oversize }), keys };
    const call = callFor(5000);
    expect(await deliver([bad], call)).to.deep.equal([bad]);
    expect(call.problems.get(bad)).to.match(/half a surrogate pair/);
  });

  it("is one whose row has a byte more than fits, and no other", async () => {
    const generous = warehouse.connect({ maxStringBytes: 16_000_000 });
    await fc.assert(
      fc.asyncProperty(image, fc.integer({ min: -2, max: 2 }), async (attributes, over) => {
        warehouse.firehose.records.length = 0;
        const filled = (text: string) => {
          const operation = "INSERT" as const;
          return change({
            operation,
            version: "1".repeat(25),
            after: { ...storable(attributes), text: { S: text } },
          });
        };
        const room = 1_024_000 - Buffer.byteLength(row(filled(""), "typed", new Date()));
        expect(await generous([filled("x".repeat(room + over))], callFor(5000))).to.deep.equal([]);
        expect(warehouse.rows()).to.have.length(1);
        expect("claim_check" in warehouse.rows()[0]).to.equal(over > 0);
        expect("new_image" in warehouse.rows()[0]).to.equal(over <= 0);
        if (over <= 0) expect(warehouse.firehose.records[0]!.length).to.equal(1_024_000 + over);
      }),
      { numRuns: 40 },
    );
  });

  it("waits for S3, and lets the others go", async () => {
    const [good, large] = [change({ id: "good" }), change({ id: "large", after: oversize })];
    warehouse.store.faults.set({ kind: "unavailable", share: 1 });
    const call = callFor(400);
    expect(await deliver([large, good], call)).to.deep.equal([large]);
    expect(call.problems.get(large)).to.match(/^S3: InternalError: Oops\./);
    expect(call.retries).to.be.greaterThan(0);
    expect(warehouse.rows().map(({ event_id }) => event_id)).to.deep.equal([good.eventId]);
  });

  it("waits for a bucket that is missing, and no row points to what is not there", async () => {
    const claims = { ...warehouse.store.claims, bucket: "no-such-bucket" };
    const lost = warehouse.connect({ claims });
    const large = change({ after: oversize });
    const call = callFor(400);
    expect(await lost([large], call)).to.deep.equal([large]);
    expect(call.retries).to.be.greaterThan(0);
    expect(call.problems.get(large)).to.match(/^S3: NoSuchBucket: /);
    expect(warehouse.rows()).to.deep.equal([]);
  });
});

/** The attributes, or none if they hold what no warehouse can. */
function storable(attributes: Image): Image {
  return refusal(change({ after: attributes }), 16_000_000) === undefined ? attributes : {};
}
