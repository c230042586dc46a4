import { expect } from "chai";
import fc from "fast-check";
import type { Change } from "../../../../handlers/core/contract.ts";
import { anHour, busyMachine, callFor } from "../../call-for.ts";
import { change } from "../../changes.ts";
import { type Queues, startQueues, tooLarge } from "./queues.ts";

describe("sqs, sending", function () {
  this.timeout(busyMachine);

  let queues: Queues;

  before(async () => {
    queues = await startQueues(5);
  });

  after(() => queues.stop());

  beforeEach(() => {
    queues.faults.set({ kind: "none" });
    queues.store.faults.set({ kind: "none" });
    queues.faults.passages.length = 0;
  });

  it("fills requests with ten messages, and with no more than 1 MiB", async () => {
    const { deliver } = queues.destination({ fifo: false });
    const small = Array.from({ length: 35 }, () => change());
    const big = Array.from({ length: 6 }, () =>
      change({ operation: "INSERT", after: { s: { S: "x".repeat(390_000) } } }),
    );
    expect(await deliver([...small, ...big], callFor(10_000))).to.deep.equal([]);
    const sizes = queues.faults.passages.map(({ input }) => (input.Entries as unknown[]).length);
    expect(Math.max(...sizes)).to.equal(10);
    expect(sizes.reduce((sum, size) => sum + size)).to.equal(41);
    expect(sizes).to.have.length.lessThan(8);
  });

  it("never has two messages of one key under way", async () => {
    const { deliver, bodies } = queues.destination({ fifo: true });
    const changes = Array.from({ length: 300 }, (_, i) => change({ id: String(i % 100) }));
    queues.faults.set({ kind: "entries", share: 0.2 });
    expect(await deliver(changes, callFor(anHour))).to.deep.equal([]);
    const groups = queues.faults.passages.map((one) => ({
      ...one,
      keys: (one.input.Entries as { MessageGroupId: string }[]).map(({ MessageGroupId }) => MessageGroupId),
    }));
    let overlaps = 0;
    for (const one of groups) {
      expect(new Set(one.keys).size).to.equal(one.keys.length);
      for (const other of groups.filter(({ began }) => began > one.began && began < one.ended)) {
        overlaps++;
        expect(other.keys.filter((key) => one.keys.includes(key))).to.deep.equal([]);
      }
    }
    expect(overlaps).to.be.greaterThan(0);
    const order = (await bodies()).map(({ keyHash, version }) => ({ keyHash, version }));
    for (const [hash, versions] of Map.groupBy(order, ({ keyHash }) => keyHash)) {
      const expected = changes.filter((one) => one.keyHash === hash).map(({ version }) => version);
      expect(versions.map(({ version }) => version)).to.deep.equal(expected);
    }
  });

  it("serves the longest groups first, so that a busy key does not cost requests of its own", async () => {
    const { deliver } = queues.destination({ fifo: true });
    const busy = Array.from({ length: 12 }, () => change({ id: "busy" }));
    const others = Array.from({ length: 90 }, (_, i) => change({ id: `other-${i}` }));
    expect(await deliver([...others, ...busy], callFor(10_000))).to.deep.equal([]);
    expect(queues.faults.passages.length).to.equal(12);
  });

  it("fails what follows a refused change, of its key and of others", async () => {
    const { deliver, bodies } = queues.destination({ fifo: true });
    const [first, refused, later, other] = [
      change({ id: "a" }),
      tooLarge("a"),
      change({ id: "a" }),
      change({ id: "b" }),
    ];
    const call = callFor(5000);
    const failed = await deliver([first, refused, later, other], call);
    expect(failed).to.deep.equal([refused, later, other]);
    expect(call.problems.get(later)).to.equal("An earlier change of its key has failed.");
    expect((await bodies()).map(({ version }) => version)).to.deep.equal([first.version]);
  });

  it("keeps to a queue's own limit, for a message as for all of a request, and leaves to S3 what exceeds it", async () => {
    const wanted = { fifo: false, maximumMessageSize: 2048, told: true };
    const changes = Array.from({ length: 10 }, () => change());
    const large = change({ after: { s: { S: "x".repeat(2000) } } });
    const call = callFor(60_000);
    const plain = queues.destination(wanted);
    expect(await plain.deliver([...changes, large], call)).to.deep.equal([large]);
    expect(call.problems.get(large)).to.match(
      /^Its message of 2,\d{3} bytes exceeds the 2,048 that the queue takes\.$/,
    );
    const bodies = queues.faults.passages.map(({ input }) => input.Entries as { MessageBody: string }[]);
    const sizes = bodies.map((entries) => entries.reduce((sum, { MessageBody }) => sum + MessageBody.length, 0));
    expect(bodies.flat()).to.have.length(10);
    expect(Math.max(...sizes)).to.be.within(1024, 2048);
    const withClaims = queues.destination({ ...wanted, claims: true });
    expect(await withClaims.deliver([large], callFor(60_000))).to.deep.equal([]);
    const [pointer] = await withClaims.bodies();
    expect((await queues.whole(pointer)).after.s.S).to.have.length(2000);
  });

  it("takes the queue's own refusal as final", async () => {
    const { deliver } = queues.destination({ fifo: true, maximumMessageSize: 1024 });
    const call = callFor(60_000);
    const large = change({ after: { s: { S: "x".repeat(2000) } } });
    expect(await deliver([large], call)).to.deep.equal([large]);
    expect(call.retries).to.equal(0);
    expect(call.problems.get(large)).to.match(/^SQS: InvalidParameterValue: .*1024/);
  });

  it("waits for what somebody has to mend, with few requests, and says what it is", async () => {
    const { deliver } = queues.destination({ fifo: true, missing: true });
    const call = callFor(400);
    const changes = Array.from({ length: 60 }, (_, i) => change({ id: String(i) }));
    expect(await deliver(changes, call)).to.have.members(changes);
    expect(call.remaining()).to.be.lessThan(150);
    expect(call.retries).to.be.greaterThan(1);
    expect(call.calls).to.be.at.most(4 * (call.retries + 1));
    expect(call.problems.get(changes[0]!)).to.match(/^SQS: .*QueueDoesNotExist|^SQS: .*NonExistentQueue/);
  });

  it("delivers the rest of a request of which the queue refuses an entry, without waiting", async () => {
    const { deliver } = queues.destination({ fifo: false, maximumMessageSize: 1024 });
    const call = callFor(60_000);
    const large = change({ after: { s: { S: "x".repeat(2000) } } });
    const changes = [change(), large, change()];
    expect(await deliver(changes, call)).to.deep.equal([large]);
    expect(call.retries).to.equal(0);
  });

  it("shows a reader who drops duplicates each key's changes once and in order, whatever fails", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(3), { minLength: 1, maxLength: 30 }),
        fc.array(
          fc.record({
            kind: fc.constantFrom("entries", "unavailable", "reset"),
            share: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
          }),
          { maxLength: 5 },
        ),
        async (keys, rounds) => {
          const { deliver, bodies } = queues.destination({ fifo: true });
          const batch = keys.map((id) => change({ id: String(id) }));
          let rest: readonly Change[] = batch;
          for (const fault of [...rounds, { kind: "none" as const }]) {
            queues.faults.set(fault);
            const failed = new Set(await deliver(rest, callFor(fault.kind === "none" ? 10_000 : 120)));
            rest = failed.size === 0 ? [] : batch.slice(batch.findIndex((one) => failed.has(one)));
            if (rest.length === 0) break;
          }
          expect(rest).to.deep.equal([]);
          const seen = await bodies();
          for (const [hash, changes] of Map.groupBy(batch, ({ keyHash }) => keyHash)) {
            const versions = seen.filter(({ keyHash }) => keyHash === hash).map(({ version }) => version);
            expect(versions).to.deep.equal(changes.map(({ version }) => version));
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
