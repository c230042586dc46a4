import { expect } from "chai";
import fc from "fast-check";
import type { Change } from "../../../../handlers/core/contract.ts";
import { message } from "../../../../handlers/messages/message.ts";
import { image } from "../../arbitraries.ts";
import { busyMachine, callFor } from "../../call-for.ts";
import { change, oversize } from "../../changes.ts";
import { type Body, type Queues, startQueues } from "./queues.ts";

describe("sqs, oversize changes", function () {
  this.timeout(busyMachine);

  let queues: Queues;

  before(async () => {
    queues = await startQueues(4);
  });

  after(() => queues.stop());

  beforeEach(() => {
    queues.faults.set({ kind: "none" });
    queues.store.faults.set({ kind: "none" });
    queues.faults.passages.length = 0;
  });

  it("sends a message that points to the body where that does not fit", async () => {
    const { deliver, arrived } = queues.destination({ fifo: true, claims: true });
    const sent = change({ after: { ...oversize, text: { S: "\uffff" } } });
    const call = callFor(5000);
    expect(await deliver([sent], call)).to.deep.equal([]);
    expect(call.calls).to.equal(2);
    const [message] = await arrived();
    const key = `claims/${sent.keyHash}/${sent.version.padStart(40, "0")}-${sent.eventId}.json`;
    const body = await queues.store.read(key);
    const head = {
      eventId: sent.eventId,
      operation: "MODIFY",
      version: sent.version,
      time: "2026-01-02T03:04:05Z",
      expired: false,
      keyHash: sent.keyHash,
      keys: { id: { S: "a" } },
    };
    expect(JSON.parse(message!.Body!)).to.deep.equal({
      ...head,
      redriven: false,
      claimCheck: { bucket: queues.store.claims.bucket, key, bytes: Buffer.byteLength(body) },
    });
    expect(JSON.parse(body)).to.deep.equal({ ...head, before: sent.before, after: sent.after });
    const text = (StringValue: string) => ({ DataType: "String", StringValue });
    expect(message!.MessageAttributes).to.deep.equal({
      operation: text("MODIFY"),
      version: text(sent.version),
      eventId: text(sent.eventId),
      expired: text("false"),
      redriven: text("false"),
      claimCheck: text("true"),
    });
    const [{ input }] = queues.faults.passages as unknown as [{ input: { Entries: unknown[] } }];
    expect(input.Entries[0]).to.include({ MessageGroupId: sent.keyHash, MessageDeduplicationId: sent.eventId });
  });

  it("stores nothing again that a FIFO queue has had, and the same bytes on a standard queue", async () => {
    for (const fifo of [true, false]) {
      const { deliver, arrived } = queues.destination({ fifo, claims: true });
      const sent = change({ after: oversize });
      queues.store.faults.passages.length = 0;
      for (let round = 0; round < 2; round++) expect(await deliver([sent], callFor(5000))).to.deep.equal([]);
      expect(queues.store.faults.passages).to.have.length(fifo ? 1 : 2);
      const [first, ...again] = await arrived();
      expect(again.map(({ Body }) => Body)).to.deep.equal(fifo ? [] : [first!.Body]);
      const { key, bytes } = JSON.parse(first!.Body!).claimCheck;
      expect(Buffer.byteLength(await queues.store.read(key))).to.equal(bytes);
    }
  });

  it("sends all inline that SQS takes, to the byte, and points to what has one more", async () => {
    const { deliver, bodies } = queues.destination({ fifo: true, claims: true });
    const form = { images: "typed", mostBytes: 1_048_576, claims: queues.store.claims } as const;
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(image, fc.boolean(), fc.integer({ min: -2, max: 2 }), async (attributes, expired, over) => {
        const operation = expired ? "REMOVE" : "MODIFY";
        const base = change({ operation, expired, before: attributes, after: attributes });
        const filled = (text: string): Change => ({ ...base, before: { ...base.before, text: { S: text } } });
        const room = 1_048_576 - message(filled(""), form).bytes;
        const sent = filled("x".repeat(room + over));
        expect(await deliver([sent], callFor(5000))).to.deep.equal([]);
        const [body, ...others] = await bodies(seen++);
        expect(others).to.deep.equal([]);
        expect("claimCheck" in body).to.equal(over > 0);
        expect(JSON.stringify((await queues.whole(body)).before.text)).to.equal(JSON.stringify(sent.before!.text));
      }),
      { numRuns: 40 },
    );
  });

  it("sends what comes before an oversize change while S3 is away, and holds back what comes after it, of other keys too", async () => {
    const { deliver, bodies } = queues.destination({ fifo: true, claims: true });
    const [a1, a2, b1, large, a4, b2, c1] = [
      change({ id: "a" }),
      change({ id: "a" }),
      change({ id: "b" }),
      change({ id: "a", after: oversize }),
      change({ id: "a" }),
      change({ id: "b" }),
      change({ id: "c" }),
    ];
    const batch = [a1, a2, b1, large, a4, b2, c1];
    queues.store.faults.set({ kind: "unavailable", share: 1 });
    const call = callFor(400);
    expect(await deliver(batch, call)).to.have.members([large, a4, b2, c1]);
    expect(call.problems.get(large)).to.match(/^S3: InternalError: Oops\./);
    expect(call.problems.get(a4)).to.equal("An earlier change of its key has failed.");
    const later = "An earlier change of the batch has failed; this one is delivered again with it.";
    for (const one of [b2, c1]) expect(call.problems.get(one)).to.equal(later);
    expect(call.retries).to.be.greaterThan(0);
    queues.store.faults.set({ kind: "none" });
    expect(await deliver([large, a4, b2, c1], callFor(5000))).to.deep.equal([]);
    const seen = await bodies();
    const versions = seen.map(({ version }) => version);
    expect(versions).to.have.members(batch.map(({ version }) => version));
    const ofA = seen.filter(({ keyHash }) => keyHash === a1.keyHash).map(({ version }) => version);
    expect(ofA).to.deep.equal([a1, a2, large, a4].map(({ version }) => version));
  });

  it("holds back no other keys of a redrive while S3 is away", async () => {
    const { deliver } = queues.destination({ fifo: true, claims: true });
    const [large, a2, b1] = [
      change({ id: "a", redriven: true, after: oversize }),
      change({ id: "a", redriven: true }),
      change({ id: "b", redriven: true }),
    ];
    queues.store.faults.set({ kind: "unavailable", share: 1 });
    expect(await deliver([large, a2, b1], callFor(400))).to.have.members([large, a2]);
  });

  it("waits for a bucket that is not there, and sends nothing that comes after it", async () => {
    const claims = { ...queues.store.claims, bucket: "no-such-bucket" };
    const { deliver } = queues.destination({ fifo: true, claims });
    const batch = [change({ after: oversize }), change()];
    const call = callFor(2000);
    expect(await deliver(batch, call)).to.have.members(batch);
    expect(call.retries).to.be.greaterThan(0);
    expect(call.problems.get(batch[0]!)).to.match(/^S3: NoSuchBucket: /);
    expect(queues.faults.passages).to.deep.equal([]);
  });

  it("never points to a body that is not there, and loses nothing, whatever fails", async () => {
    const anyFault = fc.record({
      kind: fc.constantFrom("entries", "unavailable", "reset"),
      share: fc.double({ min: 0.1, max: 1, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ id: fc.nat(2), large: fc.boolean() }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.record({ queue: anyFault, storage: anyFault }), { maxLength: 3 }),
        async (wanted, rounds) => {
          const { deliver, bodies } = queues.destination({ fifo: true, claims: true });
          const batch = wanted.map(({ id, large }) => change({ id: String(id), ...(large && { after: oversize }) }));
          let rest: readonly Change[] = batch;
          const calm = { kind: "none" } as const;
          let seen: Body[] = [];
          for (const { queue, storage } of [...rounds, { queue: calm, storage: calm }]) {
            queues.faults.set(queue);
            queues.store.faults.set(storage);
            const failed = new Set(await deliver(rest, callFor(queue === calm ? 10_000 : 150)));
            const arrived = await bodies(seen.length);
            for (const body of arrived) expect((await queues.whole(body)).eventId).to.equal(body.eventId);
            seen = [...seen, ...arrived];
            rest = failed.size === 0 ? [] : batch.slice(batch.findIndex((one) => failed.has(one)));
            if (rest.length === 0) break;
          }
          expect(rest).to.deep.equal([]);
          expect(await bodies(seen.length)).to.deep.equal([]);
          for (const [hash, changes] of Map.groupBy(batch, ({ keyHash }) => keyHash)) {
            const versions = seen.filter(({ keyHash }) => keyHash === hash).map(({ version }) => version);
            expect(versions).to.deep.equal(changes.map(({ version }) => version));
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});
