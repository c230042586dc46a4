import { expect } from "chai";
import type { Deliver } from "../../../../handlers/core/contract.ts";
import { anHour, busyMachine, callFor } from "../../call-for.ts";
import { change, large, oversize } from "../../changes.ts";
import { startWarehouse, type Warehouse } from "./warehouse.ts";

describe("redshift, rows", function () {
  this.timeout(busyMachine);

  let warehouse: Warehouse;
  let deliver: Deliver;

  before(async () => {
    warehouse = await startWarehouse(1);
    deliver = warehouse.connect();
  });

  after(() => warehouse.stop());

  beforeEach(() => warehouse.reset());

  it("sends the columns of the change log, by name", async () => {
    const sent = change({ operation: "REMOVE", expired: true, version: "123000000000000000000456" });
    await deliver([sent], callFor(1000));
    const [row] = warehouse.rows();
    expect(row.sent_at).to.match(/^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/);
    expect(row).to.deep.equal({
      key_hash: sent.keyHash,
      keys: { id: { S: "a" } },
      operation: "REMOVE",
      version: "0000000000000000123000000000000000000456",
      event_id: sent.eventId,
      changed_at: "2026-01-02 03:04:05",
      sent_at: row.sent_at,
      expired: true,
      old_image: { id: { S: "a" }, n: { N: sent.version } },
    });
  });

  it("sends U+0000 as it is, escaped, in values, names and keys, whether the row fits or its images are elsewhere", async () => {
    const nul = { "a\0": { S: "\0b" }, deep: { M: { l: { L: [{ SS: ["\0", "ok"] }] } } } };
    const keys = { id: { S: "a\0" } };
    const [fits, large] = [change({ after: nul }), change({ after: { ...nul, ...oversize } })];
    expect(
      await deliver(
        [fits, large].map((one) => ({ ...one, keys })),
        callFor(5000),
      ),
    ).to.deep.equal([]);
    const [inline, pointer] = warehouse.rows();
    expect(inline.new_image).to.deep.include(nul);
    expect(Buffer.concat(warehouse.firehose.records).includes(0)).to.equal(false);
    expect([inline.keys, pointer.keys]).to.deep.equal([keys, keys]);
    expect(JSON.parse(await warehouse.store.readUri(pointer.claim_check)).new_image).to.deep.include(nul);
  });

  it("sends plain images when asked to", async () => {
    const plain = warehouse.connectWithoutClaims({ images: "plain" });
    await plain([change({ operation: "INSERT", after: { n: { N: "1.10" }, tags: { SS: ["a"] } } })], callFor(1000));
    expect(warehouse.rows()[0].new_image).to.deep.equal({ id: "a", n: "1.10", tags: ["a"] });
    expect(warehouse.rows()[0].keys).to.deep.equal({ id: "a" });
  });

  it("packs rows into full records, and records into full calls", async () => {
    const changes = Array.from({ length: 30 }, () => change({ before: large("x") }));
    const call = callFor(5000);
    expect(await deliver(changes, call)).to.deep.equal([]);
    expect(warehouse.rows()).to.have.length(30);
    expect(warehouse.firehose.records).to.have.length(15); // two rows of 391 KB to a record of 1,000 KiB
    expect(warehouse.firehose.calls).to.equal(3); // five records of 783 KB to a call of 4 MiB
    expect(call.calls).to.equal(3);
    expect(warehouse.firehose.violations).to.deep.equal([]);
  });

  it("sends only the failed records again", async () => {
    const changes = Array.from({ length: 30 }, () => change({ before: large("x") }));
    warehouse.faults.set({ kind: "entries", share: 0.5 });
    expect(await deliver(changes, callFor(anHour))).to.deep.equal([]);
    expect(warehouse.rows()).to.have.length(30);
  });

  it("packs neighbours together, so that what fails with a record is a run of the batch", async () => {
    const changes = Array.from({ length: 200 }, (_, i) =>
      change({ after: { s: { S: "x".repeat((i * 7919) % 60_000) } } }),
    );
    expect(await deliver(changes, callFor(10_000))).to.deep.equal([]);
    expect(warehouse.firehose.records.length).to.be.greaterThan(3);
    const positions = new Map(changes.map(({ eventId }, i) => [eventId, i]));
    for (const record of warehouse.firehose.records) {
      const run = record
        .toString()
        .trimEnd()
        .split("\n")
        .map((line) => positions.get(JSON.parse(line).event_id)!);
      expect(run).to.deep.equal(run.map((_, i) => run[0]! + i));
    }
  });

  it("waits for what somebody has to mend, and says what it is", async () => {
    const wrong = warehouse.connectWithoutClaims({ deliveryStreamName: "missing" });
    const call = callFor(300);
    const changes = [change(), change()];
    expect(await wrong(changes, call)).to.deep.equal(changes);
    expect(call.retries).to.be.greaterThan(0);
    expect(call.problems.get(changes[0]!)).to.equal("Firehose: ResourceNotFoundException: Firehose missing not found.");
  });
});
