import { expect } from "chai";
import type { Image } from "../../handlers/core/change.ts";
import { decodeImage } from "../../handlers/core/decode-image.ts";
import type { Deliver } from "../../handlers/core/deliver.ts";
import { connect } from "../../handlers/redshift.ts";
import { conformance } from "../support/conformance.ts";
import { type Faults, startFaults } from "../support/faults.ts";
import { type FirehoseEndpoint, startFirehoseEndpoint } from "../support/firehose-endpoint.ts";
import { callFor, change, large } from "./changes.ts";
import { withEnvironment } from "./environment.ts";

describe("redshift", () => {
  let firehose: FirehoseEndpoint;
  let faults: Faults;
  let deliver: Deliver;
  let restore: () => void;

  before(async () => {
    firehose = await startFirehoseEndpoint();
    faults = await startFaults(firehose.endpoint, 1);
    restore = withEnvironment({ AWS_ENDPOINT_URL_FIREHOSE: faults.endpoint });
    deliver = connect({ deliveryStreamName: "films", images: "typed" });
  });

  after(async () => {
    restore();
    await faults.stop();
    await firehose.stop();
  });

  beforeEach(() => {
    firehose.records.length = 0;
    firehose.calls = 0;
    faults.set({ kind: "none" });
  });

  const rows = () =>
    Buffer.concat(firehose.records)
      .toString()
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));

  /** The current view: the newest version of each key, unless it is a removal. */
  const latest = async (): Promise<ReadonlyMap<string, Image>> => {
    const sorted = rows().toSorted((one, other) => (one.version < other.version ? -1 : 1));
    const newest = new Map(sorted.map((row) => [row.key_hash, row]));
    return new Map(
      [...newest]
        .filter(([, row]) => row.operation !== "REMOVE")
        .map(([hash, row]) => [hash, decodeImage(row.new_image, "new_image")]),
    );
  };

  conformance("redshift", () => ({
    deliver,
    latest,
    fault: faults.set,
    poison: { make: (id) => change({ id, after: { text: { S: "a\0b" } } }), reason: /U\+0000/ },
    holdsBack: false,
  }));

  it("sends the columns of the change log, by name", async () => {
    const sent = change({ operation: "REMOVE", expired: true, version: "123000000000000000000456" });
    await deliver([sent], callFor(1000));
    const [row] = rows();
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

  it("sends plain images when asked to", async () => {
    const plain = connect({ deliveryStreamName: "films", images: "plain" });
    await plain([change({ operation: "INSERT", after: { n: { N: "1.10" }, tags: { SS: ["a"] } } })], callFor(1000));
    expect(rows()[0].new_image).to.deep.equal({ id: "a", n: "1.10", tags: ["a"] });
    expect(rows()[0].keys).to.deep.equal({ id: "a" });
  });

  it("packs rows into full records, and records into full calls", async () => {
    const changes = Array.from({ length: 30 }, () => change({ before: large("x") }));
    const call = callFor(5000);
    expect(await deliver(changes, call)).to.deep.equal([]);
    expect(rows()).to.have.length(30);
    expect(firehose.records).to.have.length(15); // two rows of 391 KB to a record of 1,000 KiB
    expect(firehose.calls).to.equal(3); // five records of 783 KB to a call of 4 MiB
    expect(call.calls).to.equal(3);
    expect(firehose.violations).to.deep.equal([]);
  });

  it("sends only the failed records again", async () => {
    const changes = Array.from({ length: 30 }, () => change({ before: large("x") }));
    faults.set({ kind: "entries", share: 0.5 });
    expect(await deliver(changes, callFor(10_000))).to.deep.equal([]);
    expect(rows()).to.have.length(30);
  });

  it("packs neighbours together, so that what fails with a record is a run of the batch", async () => {
    const changes = Array.from({ length: 200 }, (_, i) =>
      change({ after: { s: { S: "x".repeat((i * 7919) % 60_000) } } }),
    );
    expect(await deliver(changes, callFor(10_000))).to.deep.equal([]);
    expect(firehose.records.length).to.be.greaterThan(3);
    const positions = new Map(changes.map(({ eventId }, i) => [eventId, i]));
    for (const record of firehose.records) {
      const run = record
        .toString()
        .trimEnd()
        .split("\n")
        .map((line) => positions.get(JSON.parse(line).event_id)!);
      expect(run).to.deep.equal(run.map((_, i) => run[0]! + i));
    }
  });

  const refused: [what: string, attributes: Image, reason: RegExp][] = [
    ["a string with U+0000", { s: { S: "\0" } }, /U\+0000/],
    ["an attribute name with U+0000", { "a\0": { S: "" } }, /U\+0000/],
    ["U+0000 deep inside", { m: { M: { l: { L: [{ SS: ["ok", "\0"] }] } } } }, /U\+0000/],
    ["half a surrogate pair", { s: { S: "\ud83d" } }, /surrogate/],
    ["a string of 65,536 bytes", { s: { S: "x".repeat(65_536) } }, /65,535 bytes/],
    ["a string of 65,538 bytes in 21,846 characters", { s: { S: "€".repeat(21_846) } }, /65,535 bytes/],
    ["a binary of 49,150 bytes", { b: { B: new Uint8Array(49_150) } }, /binary longer than the 65,535 bytes/],
    [
      "a row over 1,000 KiB",
      Object.fromEntries([..."abcdefghijklmnop"].map((name) => [name, { S: "x".repeat(65_000) }])),
      /row of 1,0\d\d,\d{3} bytes/,
    ],
  ];
  for (const [what, attributes, reason] of refused) {
    it(`refuses ${what} for that change alone`, async () => {
      const [good, bad] = [change({ id: "good" }), change({ id: "bad", after: attributes })];
      const call = callFor(1000);
      expect(await deliver([bad, good], call)).to.deep.equal([bad]);
      expect(call.problems.get(bad)).to.match(reason);
      expect(rows().map(({ version }) => BigInt(version))).to.deep.equal([BigInt(good.version)]);
    });
  }

  it("takes what is just within the limits", async () => {
    const most = { s: { S: "x".repeat(65_535) }, b: { B: new Uint8Array(49_149) }, text: { S: "\\u0000" } };
    expect(await deliver([change({ after: most })], callFor(1000))).to.deep.equal([]);
  });

  it("takes longer strings where the warehouse does", async () => {
    const generous = connect({ deliveryStreamName: "films", images: "typed", maxStringBytes: 16_000_000 });
    expect(await generous([change({ after: { s: { S: "x".repeat(390_000) } } })], callFor(1000))).to.deep.equal([]);
  });

  it("waits for what somebody has to mend, and says what it is", async () => {
    const wrong = connect({ deliveryStreamName: "missing", images: "typed" });
    const call = callFor(300);
    const changes = [change(), change()];
    expect(await wrong(changes, call)).to.deep.equal(changes);
    expect(call.retries).to.be.greaterThan(0);
    expect(call.problems.get(changes[0]!)).to.equal("Firehose: ResourceNotFoundException: Firehose missing not found.");
  });

  it("gives what it refuses back with what an outage has kept, and none of it is lost", async () => {
    const call = callFor(300);
    const [good, poison] = [change(), change({ after: { s: { S: "\0" } } })];
    faults.set({ kind: "unavailable", share: 1 });
    expect(await deliver([good, poison], call)).to.have.members([good, poison]);
    expect(call.problems.get(poison)).to.match(/U\+0000/);
    expect(call.problems.get(good)).to.match(/^Firehose: /);
  });
});
