import { expect } from "chai";
import fc from "fast-check";
import type { Image } from "../../../handlers/core/change.ts";
import { decodeImage } from "../../../handlers/core/decode-image.ts";
import type { Deliver } from "../../../handlers/core/deliver.ts";
import { refusal } from "../../../handlers/kinds/redshift/refusal.ts";
import { row } from "../../../handlers/kinds/redshift/row.ts";
import { connect } from "../../../handlers/kinds/redshift.ts";
import { type ClaimStore, startClaimStore } from "../../support/claim-store.ts";
import { conformance } from "../../support/conformance.ts";
import { type Fault, type Faults, startFaults } from "../../support/faults.ts";
import { type FirehoseEndpoint, startFirehoseEndpoint } from "../../support/firehose-endpoint.ts";
import { oversizeConformance } from "../../support/oversize-conformance.ts";
import { image } from "../arbitraries.ts";
import { callFor, change, large, oversize } from "../changes.ts";
import { withEnvironment } from "../environment.ts";

describe("redshift", () => {
  let firehose: FirehoseEndpoint;
  let faults: Faults;
  let store: ClaimStore;
  let deliver: Deliver;
  let restore: () => void;

  before(async () => {
    firehose = await startFirehoseEndpoint();
    faults = await startFaults(firehose.endpoint, 1);
    store = await startClaimStore(11);
    restore = withEnvironment({
      AWS_ENDPOINT_URL_FIREHOSE: faults.endpoint,
      AWS_ENDPOINT_URL_S3: store.endpoint,
    });
    deliver = connect({ deliveryStreamName: "films", images: "typed", claims: store.claims });
  });

  after(async () => {
    restore();
    await store.stop();
    await faults.stop();
    await firehose.stop();
  });

  beforeEach(() => {
    firehose.records.length = 0;
    firehose.calls = 0;
    fault({ kind: "none" });
  });

  const fault = (one: Fault) => {
    faults.set(one);
    store.faults.set(one);
  };

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
    const shown = [...newest]
      .filter(([, row]) => row.operation !== "REMOVE")
      .map(async ([hash, { claim_check, ...row }]): Promise<[string, Image]> => {
        const { new_image } = claim_check === undefined ? row : JSON.parse(await store.readUri(claim_check));
        return [hash, decodeImage(new_image, "new_image")];
      });
    return new Map(await Promise.all(shown));
  };

  conformance("redshift", () => ({
    deliver,
    latest,
    fault,
    poison: { make: (id) => change({ id, after: { text: { S: "a\0b" } } }), reason: /U\+0000/ },
    holdsBack: false,
  }));

  oversizeConformance("redshift", () => ({ deliver, latest, fault }));

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

  it("refuses a row over 1,000 KiB for that change alone where there is no bucket for it", async () => {
    const [good, bad] = [change({ id: "good" }), change({ id: "bad", after: oversize })];
    const call = callFor(1000);
    expect(await connect({ deliveryStreamName: "films", images: "typed" })([bad, good], call)).to.deep.equal([bad]);
    expect(call.problems.get(bad)).to.match(
      /^Its row of 1,1\d\d,\d{3} bytes exceeds the 1,024,000 of a Firehose record/,
    );
    expect(rows().map(({ version }) => BigInt(version))).to.deep.equal([BigInt(good.version)]);
  });

  describe("a change whose row exceeds a record", () => {
    it("leaves its images to S3, in a body that is the same whenever it is delivered", async () => {
      const sent = change({ after: oversize });
      const call = callFor(5000);
      expect(await deliver([sent], call)).to.deep.equal([]);
      const [row] = rows();
      const uri = `s3://${store.claims.bucket}/claims/${sent.keyHash}/${sent.version.padStart(40, "0")}-${sent.eventId}.json`;
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
      const body = await store.readUri(uri);
      expect(JSON.parse(body)).to.deep.equal({
        ...head,
        old_image: { id: { S: "a" }, n: { N: sent.version } },
        new_image: { id: { S: "a" }, n: { N: sent.version }, ...oversize },
      });
      expect(call.calls).to.equal(2);
      expect(await deliver([sent], callFor(5000))).to.deep.equal([]);
      expect(rows().map(({ claim_check }) => claim_check)).to.deep.equal([uri, uri]);
      expect(await store.readUri(uri)).to.equal(body);
    });

    it("is not refused for what only its images hold, but for its key", async () => {
      const texts = { nul: { S: "\0" }, half: { S: "\ud83d" }, long: { S: "x".repeat(100_000) } };
      const sent = change({ after: { ...oversize, ...texts } });
      expect(await deliver([sent], callFor(5000))).to.deep.equal([]);
      const body = JSON.parse(await store.readUri(rows()[0].claim_check));
      expect(body.new_image).to.deep.include(texts);
      const keys = { id: { S: "a\0" } };
      const bad = { ...change({ after: oversize }), keys };
      const call = callFor(5000);
      expect(await deliver([bad], call)).to.deep.equal([bad]);
      expect(call.problems.get(bad)).to.match(/U\+0000/);
    });

    it("is one whose row has a byte more than fits, and no other", async () => {
      const generous = connect({
        deliveryStreamName: "films",
        images: "typed",
        maxStringBytes: 16_000_000,
        claims: store.claims,
      });
      await fc.assert(
        fc.asyncProperty(image, fc.integer({ min: -2, max: 2 }), async (attributes, over) => {
          firehose.records.length = 0;
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
          expect(rows()).to.have.length(1);
          expect("claim_check" in rows()[0]).to.equal(over > 0);
          expect("new_image" in rows()[0]).to.equal(over <= 0);
          if (over <= 0) expect(firehose.records[0]!.length).to.equal(1_024_000 + over);
        }),
        { numRuns: 40 },
      );
    });

    it("waits for S3, and lets the others go", async () => {
      const [good, large] = [change({ id: "good" }), change({ id: "large", after: oversize })];
      store.faults.set({ kind: "unavailable", share: 1 });
      const call = callFor(400);
      expect(await deliver([large, good], call)).to.deep.equal([large]);
      expect(call.problems.get(large)).to.match(/^S3: InternalError: Oops\.|^S3: TimeoutError|^S3: AbortError/);
      expect(call.retries).to.be.greaterThan(0);
      expect(rows().map(({ event_id }) => event_id)).to.deep.equal([good.eventId]);
    });

    it("waits for a bucket that is missing, and no row points to what is not there", async () => {
      const claims = { ...store.claims, bucket: "no-such-bucket" };
      const lost = connect({ deliveryStreamName: "films", images: "typed", claims });
      const large = change({ after: oversize });
      const call = callFor(400);
      expect(await lost([large], call)).to.deep.equal([large]);
      expect(call.retries).to.be.greaterThan(0);
      expect(call.problems.get(large)).to.match(/^S3: NoSuchBucket: /);
      expect(rows()).to.deep.equal([]);
    });
  });

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

/** The attributes, or none if they hold what no warehouse can. */
function storable(attributes: Image): Image {
  return refusal(change({ after: attributes }), 16_000_000) === undefined ? attributes : {};
}
