import { expect } from "chai";
import fc from "fast-check";
import type { Change, Deliver } from "../../../../handlers/core/contract.ts";
import { connect } from "../../../../handlers/kinds/sqs.ts";
import { type Faults, startFaults } from "../../../support/faults.ts";
import { busyMachine, callFor } from "../../call-for.ts";
import { change } from "../../changes.ts";
import { withEnvironment } from "../../environment.ts";
import { type Arrival, type QueueEndpoint, startQueueEndpoint } from "./queue-endpoint.ts";
import { tooLarge } from "./queues.ts";

describe("sqs, changes that are delivered again", function () {
  this.timeout(busyMachine);

  let queue: QueueEndpoint;
  let faults: Faults;
  let restore: () => void;
  let deliver: Deliver;

  before(async () => {
    queue = await startQueueEndpoint();
    faults = await startFaults(queue.endpoint, 7);
    restore = withEnvironment({ AWS_ENDPOINT_URL_SQS: faults.endpoint });
  });

  after(async () => {
    restore();
    await faults.stop();
    await queue.stop();
  });

  beforeEach(() => {
    queue.arrivals.length = 0;
    queue.refuses.clear();
    queue.room = Number.POSITIVE_INFINITY;
    faults.passages.length = 0;
    faults.set({ kind: "none" });
    deliver = destination(true);
  });

  const destination = (fifo: boolean) =>
    connect({ queueUrl: "http://sqs/000000000000/changes.fifo", fifo, images: "typed" });
  const refused = (id: string) => {
    const one = change({ id });
    queue.refuses.add(one.eventId);
    return one;
  };
  const arrived = () => queue.arrivals.map(({ version }) => version);
  const versions = (changes: readonly Change[]) => changes.map(({ version }) => version);
  const held = "An earlier change of the batch has failed; this one is delivered again with it.";

  it("sends nothing that comes after a message that is too large", async () => {
    const [a1, a2, big, a3, b1] = [change(), change(), tooLarge("x"), change(), change({ id: "b" })];
    const call = callFor(5000);
    expect(await deliver([a1, a2, big, a3, b1], call)).to.have.members([big, a3, b1]);
    expect(arrived()).to.deep.equal(versions([a1, a2]));
    expect(call.problems.get(big)).to.match(/exceeds the 1,048,576/);
    expect(call.problems.get(a3)).to.equal(held);
    expect(call.problems.get(b1)).to.equal(held);
  });

  it("makes no call when the first message is too large", async () => {
    const batch = [tooLarge("x"), change(), change()];
    const call = callFor(5000);
    expect(await deliver(batch, call)).to.have.members(batch);
    expect(call.calls).to.equal(0);
  });

  it("starts nothing that comes after a refused message, but what comes before it", async () => {
    const [a1, a2, a3] = [change(), change(), change()];
    const x = refused("x");
    const [b1, b2] = [change({ id: "b" }), change({ id: "b" })];
    expect(await deliver([a1, a2, a3, x, b1, b2], callFor(5000))).to.have.members([x, b2]);
    expect(arrived())
      .to.have.members(versions([a1, a2, a3, b1]))
      .and.to.have.length(4);
  });

  it("holds back nothing of a redrive but what follows a failed change of its own key", async () => {
    const [a1, a2] = [change({ id: "a", redriven: true }), change({ id: "a", redriven: true })];
    const [x1, x2] = [change({ id: "x", redriven: true }), change({ id: "x", redriven: true })];
    const b1 = change({ id: "b", redriven: true });
    queue.refuses.add(x1.eventId);
    expect(await deliver([x1, a1, x2, a2, b1], callFor(5000))).to.deep.equal([x1, x2]);
    expect(arrived()).to.have.members(versions([a1, a2, b1]));
    expect(arrived().indexOf(a1.version)).to.be.lessThan(arrived().indexOf(a2.version));
  });

  it("compares versions as numbers", async () => {
    const [early, late] = [change({ id: "a", version: "9" }), change({ id: "a", version: "99" })];
    const x = change({ id: "x", version: "100" });
    queue.refuses.add(x.eventId);
    expect(await deliver([early, late, x], callFor(5000))).to.deep.equal([x]);
  });

  it("does not send again what has arrived, however late it is delivered again", async () => {
    const batch = [refused("x"), change(), change()];
    const [x, a1, a2] = batch as [Change, Change, Change];
    expect(await deliver(batch, callFor(5000))).to.have.members([x, a2]);
    expect(await deliver(batch, callFor(5000))).to.have.members([x]);
    expect(await deliver([a1, a2], callFor(5000))).to.deep.equal([]);
    expect(arrived()).to.deep.equal(versions([a1, a2]));
  });

  it("sends an older change that has never arrived, and after it again the newer ones that come with it", async () => {
    const [a1, a2, a3] = [refused("a"), change(), change()];
    expect(await deliver([a1], callFor(5000))).to.deep.equal([a1]);
    expect(await deliver([a2, a3], callFor(5000))).to.deep.equal([]);
    queue.refuses.clear();
    expect(await deliver([a1, a2, a3], callFor(5000))).to.deep.equal([]);
    expect(arrived()).to.deep.equal(versions([a2, a3, a1, a2, a3]));
  });

  it("keeps the order while a queue takes less in a request than in ten, and sends nothing behind what it refuses alone", async () => {
    queue.room = 1000;
    const [a1, b1, c1, a2] = [change(), change({ id: "b" }), change({ id: "c" }), change()];
    const large = change({ id: "x", after: { s: { S: "x".repeat(1000) } } });
    const [a3, d1] = [change(), change({ id: "d" })];
    const call = callFor(5000);
    expect(await deliver([a1, b1, c1, a2, large, a3, d1], call)).to.have.members([large, a3, d1]);
    expect(arrived())
      .to.have.members(versions([a1, b1, c1, a2]))
      .and.to.have.length(4);
    expect(arrived().indexOf(a1.version)).to.be.lessThan(arrived().indexOf(a2.version));
    expect(call.problems.get(large)).to.match(/^SQS: BatchRequestTooLong: Batch requests cannot be longer than 1000/);
    expect(call.remaining()).to.equal(5000);
  });

  it("lets a standard queue's messages neither wait nor be left out", async () => {
    const standard = destination(false);
    const batch = [tooLarge("x"), change(), change({ id: "b" })];
    for (let round = 0; round < 2; round++) expect(await standard(batch, callFor(5000))).to.deep.equal([batch[0]]);
    expect(arrived()).to.have.members(versions([...batch.slice(1), ...batch.slice(1)]));
  });

  it("never shows a reader an older version after a newer one, whatever fails and is delivered again", async () => {
    const anyFault = fc.record({
      kind: fc.constantFrom("entries", "unavailable", "reset"),
      share: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
    });
    const anyChange = fc.record({
      key: fc.nat(3),
      fate: fc.oneof({ weight: 8, arbitrary: fc.constant("good") }, fc.constant("too large"), fc.constant("refused")),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyChange, { minLength: 1, maxLength: 20 }),
        fc.array(anyFault, { maxLength: 5 }),
        fc.constantFrom(600, 1200, 2400, Number.POSITIVE_INFINITY),
        async (wanted, rounds, room) => {
          queue.arrivals.length = 0;
          queue.room = room;
          const process = destination(true);
          const left = [...rounds];
          const batch = wanted.map(({ key, fate }) => makers[fate]!(String(key)));
          const given = await lambda(batch, (part) => {
            const fault = left.shift();
            faults.set(fault ?? { kind: "none" });
            return process(part, callFor(fault ? 120 : 10_000));
          });
          const lost = new Set(given.map(({ eventId }) => eventId));
          const seen = new Set(queue.arrivals.map(({ eventId }) => eventId));
          for (const one of batch) expect(seen.has(one.eventId) || lost.has(one.eventId)).to.equal(true);
          for (const [i, one] of wanted.entries())
            if (one.fate !== "good") expect(seen.has(batch[i]!.eventId)).to.equal(false);
          expect(overtaken(queue.arrivals)).to.deep.equal([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  const makers: Record<string, (id: string) => Change> = {
    good: (id) => change({ id }),
    "too large": tooLarge,
    refused,
  };
});

/**
 * Delivers as Lambda does: again from the lowest failed change on, in halves where that is the first of several, and a
 * change that fails alone three times is given up. Answers with those.
 */
async function lambda(
  batch: readonly Change[],
  deliver: (part: readonly Change[]) => Promise<readonly Change[]>,
): Promise<Change[]> {
  const part = [...batch];
  for (let attempts = 0; part.length > 0; ) {
    const failed = new Set(await deliver(part));
    const first = failed.size === 0 ? part.length : part.findIndex((one) => failed.has(one));
    part.splice(0, first);
    if (first > 0) {
      attempts = 0;
    } else if (part.length > 1) {
      const half = part.length >> 1;
      return [...(await lambda(part.slice(0, half), deliver)), ...(await lambda(part.slice(half), deliver))];
    } else if (++attempts === 3) {
      return part;
    }
  }
  return [];
}

/** The messages whose version is below one that their key has had before. */
function overtaken(arrivals: readonly Arrival[]): Arrival[] {
  const highest = new Map<string, bigint>();
  return arrivals.filter(({ keyHash, version }) => {
    const number = BigInt(version);
    const isOlder = number < (highest.get(keyHash) ?? 0n);
    if (!isOlder) highest.set(keyHash, number);
    return isOlder;
  });
}
