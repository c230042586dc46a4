import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import fc from "fast-check";
import { type FauxqsServer, startFauxqs } from "fauxqs";
import type { Change, Image } from "../../../handlers/core/change.ts";
import { decodeImage } from "../../../handlers/core/decode-image.ts";
import { connect } from "../../../handlers/kinds/sqs.ts";
import { message } from "../../../handlers/messages/message.ts";
import { acceptAstralCharacters } from "../../../local/engine/world/fauxqs.ts";
import { type ClaimStore, startClaimStore } from "../../support/claim-store.ts";
import { conformance } from "../../support/conformance.ts";
import { type Fault, type Faults, startFaults } from "../../support/faults.ts";
import { oversizeConformance } from "../../support/oversize-conformance.ts";
import { image } from "../arbitraries.ts";
import { callFor, change, everything, oversize } from "../changes.ts";
import { withEnvironment } from "../environment.ts";

interface Wanted {
  readonly fifo: boolean;
  readonly images?: "typed" | "plain";
  /** Whether it has a bucket for oversize changes. */
  readonly claims?: boolean;
}

describe("sqs", () => {
  let fauxqs: FauxqsServer;
  let client: SQSClient;
  let faults: Faults;
  let store: ClaimStore;
  let restore: () => void;
  let queues = 0;

  before(async () => {
    await acceptAstralCharacters();
    fauxqs = await startFauxqs({ port: 0, logger: false, host: "127.0.0.1" });
    const endpoint = `http://127.0.0.1:${fauxqs.port}`;
    faults = await startFaults(endpoint, 3);
    store = await startClaimStore(13);
    restore = withEnvironment({ AWS_ENDPOINT_URL_SQS: faults.endpoint, AWS_ENDPOINT_URL_S3: store.endpoint });
    client = new SQSClient({ endpoint, useQueueUrlAsEndpoint: false });
  });

  after(async () => {
    restore();
    client.destroy();
    await store.stop();
    await faults.stop();
    await fauxqs.stop();
  });

  beforeEach(() => {
    faults.set({ kind: "none" });
    store.faults.set({ kind: "none" });
    faults.passages.length = 0;
  });

  /** A destination with a queue of its own, and all that has arrived there, in order. */
  function destination({ fifo, images = "typed", claims = false }: Wanted) {
    const attributes = fifo ? { FifoQueue: "true" } : {};
    const { queueUrl } = fauxqs.createQueue(`queue-${queues++}${fifo ? ".fifo" : ""}`, { attributes });
    const arrived: Message[] = [];
    return {
      deliver: connect({ queueUrl, fifo, images, ...(claims && { claims: store.claims }) }),
      arrived: async () => {
        for (let more = true; more; ) {
          const { Messages = [] } = await client.send(
            new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
          );
          arrived.push(...Messages);
          more = Messages.length > 0;
          if (!more) continue;
          const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
          await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
        }
        return arrived;
      },
    };
  }

  const bodies = (messages: readonly Message[]) => messages.map(({ Body }) => JSON.parse(Body!));

  /** What a reader has after applying the messages in order. */
  const replayed = (messages: readonly ReturnType<typeof JSON.parse>[]): ReadonlyMap<string, Image> => {
    const items = new Map<string, Image>();
    for (const { keyHash, operation, after } of messages) {
      if (operation === "REMOVE") items.delete(keyHash);
      else items.set(keyHash, decodeImage(after, "after"));
    }
    return items;
  };

  const tooLarge = {
    make: (id: string) => change({ id, after: { binary: { B: new Uint8Array(800_000) } } }),
    reason: /message of 1,0\d\d,\d{3} bytes exceeds the 1,048,576/,
  };

  let fifo: ReturnType<typeof destination>;
  let standard: ReturnType<typeof destination>;
  before(() => {
    fifo = destination({ fifo: true });
    standard = destination({ fifo: false });
  });

  conformance("sqs, FIFO", () => ({
    deliver: fifo.deliver,
    latest: async () => replayed(bodies(await fifo.arrived())),
    fault: faults.set,
    poison: tooLarge,
    holdsBack: true,
  }));

  conformance("sqs, standard", () => ({
    deliver: standard.deliver,
    latest: async () => {
      const sorted = bodies(await standard.arrived()).sort((one, other) =>
        BigInt(one.version) < BigInt(other.version) ? -1 : 1,
      );
      return replayed(sorted);
    },
    fault: faults.set,
    poison: tooLarge,
    holdsBack: false,
  }));

  for (const fifo of [true, false]) {
    let subject: ReturnType<typeof destination>;
    before(() => {
      subject = destination({ fifo, claims: true });
    });
    oversizeConformance(`sqs, ${fifo ? "FIFO" : "standard"}`, () => ({
      deliver: subject.deliver,
      async latest() {
        const whole = await Promise.all(bodies(await subject.arrived()).map(claimed));
        if (!fifo) whole.sort((one, other) => (BigInt(one.version) < BigInt(other.version) ? -1 : 1));
        return replayed(whole);
      },
      fault(one: Fault) {
        faults.set(one);
        store.faults.set(one);
      },
    }));
  }

  /** The body that a message has, or points to. */
  const claimed = async (body: ReturnType<typeof JSON.parse>) =>
    body.claimCheck === undefined ? body : JSON.parse(await store.read(body.claimCheck.key));

  it("sends a body and attributes that a reader can filter on", async () => {
    const { deliver, arrived } = destination({ fifo: true });
    const sent = change({ operation: "REMOVE", expired: true });
    await deliver([sent], callFor(1000));
    const [message] = await arrived();
    expect(JSON.parse(message!.Body!)).to.deep.equal({
      eventId: sent.eventId,
      operation: "REMOVE",
      version: sent.version,
      time: "2026-01-02T03:04:05Z",
      expired: true,
      redriven: false,
      keyHash: sent.keyHash,
      keys: { id: { S: "a" } },
      before: { id: { S: "a" }, n: { N: sent.version } },
    });
    const text = (StringValue: string) => ({ DataType: "String", StringValue });
    expect(message!.MessageAttributes).to.deep.equal({
      operation: text("REMOVE"),
      version: text(sent.version),
      eventId: text(sent.eventId),
      expired: text("true"),
      redriven: text("false"),
    });
    const [{ input }] = faults.passages as unknown as [{ input: { Entries: unknown[] } }];
    expect(input.Entries[0]).to.include({ MessageGroupId: sent.keyHash, MessageDeduplicationId: sent.eventId });
  });

  it("sends a message that points to the body where that does not fit", async () => {
    const { deliver, arrived } = destination({ fifo: true, claims: true });
    const sent = change({ after: { ...oversize, text: { S: "\uffff" } } });
    const call = callFor(5000);
    expect(await deliver([sent], call)).to.deep.equal([]);
    expect(call.calls).to.equal(2);
    const [message] = await arrived();
    const key = `claims/${sent.keyHash}/${sent.version.padStart(40, "0")}-${sent.eventId}.json`;
    const body = await store.read(key);
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
      claimCheck: { bucket: store.claims.bucket, key, bytes: Buffer.byteLength(body) },
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
    const [{ input }] = faults.passages as unknown as [{ input: { Entries: unknown[] } }];
    expect(input.Entries[0]).to.include({ MessageGroupId: sent.keyHash, MessageDeduplicationId: sent.eventId });
  });

  it("stores nothing again that a FIFO queue has had, and the same bytes on a standard queue", async () => {
    for (const fifo of [true, false]) {
      const { deliver, arrived } = destination({ fifo, claims: true });
      const sent = change({ after: oversize });
      store.faults.passages.length = 0;
      for (let round = 0; round < 2; round++) expect(await deliver([sent], callFor(5000))).to.deep.equal([]);
      expect(store.faults.passages).to.have.length(fifo ? 1 : 2);
      const [first, ...again] = await arrived();
      expect(again.map(({ Body }) => Body)).to.deep.equal(fifo ? [] : [first!.Body]);
      const { key, bytes } = JSON.parse(first!.Body!).claimCheck;
      expect(Buffer.byteLength(await store.read(key))).to.equal(bytes);
    }
  });

  it("sends all inline that SQS takes, to the byte, and points to what has one more", async () => {
    const { deliver, arrived } = destination({ fifo: true, claims: true });
    const form = { fifo: true, images: "typed", claims: store.claims } as const;
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(image, fc.boolean(), fc.integer({ min: -2, max: 2 }), async (attributes, expired, over) => {
        const operation = expired ? "REMOVE" : "MODIFY";
        const base = change({ operation, expired, before: attributes, after: attributes });
        const filled = (text: string): Change => ({ ...base, before: { ...base.before, text: { S: text } } });
        const room = 1_048_576 - message(filled(""), form).bytes;
        const sent = filled("x".repeat(room + over));
        expect(await deliver([sent], callFor(5000))).to.deep.equal([]);
        const [body, ...others] = bodies((await arrived()).slice(seen++));
        expect(others).to.deep.equal([]);
        expect("claimCheck" in body).to.equal(over > 0);
        expect(JSON.stringify((await claimed(body)).before.text)).to.equal(JSON.stringify(sent.before!.text));
      }),
      { numRuns: 40 },
    );
  });

  it("sends what comes before an oversize change while S3 is away, and holds back what comes after it, of other keys too", async () => {
    const { deliver, arrived } = destination({ fifo: true, claims: true });
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
    store.faults.set({ kind: "unavailable", share: 1 });
    const call = callFor(400);
    expect(await deliver(batch, call)).to.have.members([large, a4, b2, c1]);
    expect(call.problems.get(large)).to.match(/^S3: InternalError: Oops\.|^S3: TimeoutError|^S3: AbortError/);
    expect(call.problems.get(a4)).to.equal("An earlier change of its key has failed.");
    const later = "An earlier change of the batch has failed; this one is delivered again with it.";
    for (const one of [b2, c1]) expect(call.problems.get(one)).to.equal(later);
    expect(call.retries).to.be.greaterThan(0);
    store.faults.set({ kind: "none" });
    expect(await deliver([large, a4, b2, c1], callFor(5000))).to.deep.equal([]);
    const seen = bodies(await arrived());
    const versions = seen.map(({ version }) => version);
    expect(versions).to.have.members(batch.map(({ version }) => version));
    const ofA = seen.filter(({ keyHash }) => keyHash === a1.keyHash).map(({ version }) => version);
    expect(ofA).to.deep.equal([a1, a2, large, a4].map(({ version }) => version));
  });

  it("holds back no other keys of a redrive while S3 is away", async () => {
    const { deliver } = destination({ fifo: true, claims: true });
    const [large, a2, b1] = [
      change({ id: "a", redriven: true, after: oversize }),
      change({ id: "a", redriven: true }),
      change({ id: "b", redriven: true }),
    ];
    store.faults.set({ kind: "unavailable", share: 1 });
    expect(await deliver([large, a2, b1], callFor(400))).to.have.members([large, a2]);
  });

  it("waits for a bucket that is not there, and sends nothing that comes after it", async () => {
    const { queueUrl } = fauxqs.createQueue("claimless.fifo", { attributes: { FifoQueue: "true" } });
    const claims = { ...store.claims, bucket: "no-such-bucket" };
    const batch = [change({ after: oversize }), change()];
    const call = callFor(2000);
    const failed = await connect({ queueUrl, fifo: true, images: "typed", claims })(batch, call);
    expect(failed).to.have.members(batch);
    expect(call.retries).to.be.greaterThan(0);
    expect(call.problems.get(batch[0]!)).to.match(/^S3: NoSuchBucket: /);
    expect(faults.passages).to.deep.equal([]);
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
          const { deliver, arrived } = destination({ fifo: true, claims: true });
          const batch = wanted.map(({ id, large }) => change({ id: String(id), ...(large && { after: oversize }) }));
          let rest: readonly Change[] = batch;
          const calm = { kind: "none" } as const;
          for (const { queue, storage } of [...rounds, { queue: calm, storage: calm }]) {
            faults.set(queue);
            store.faults.set(storage);
            const failed = new Set(await deliver(rest, callFor(queue === calm ? 10_000 : 150)));
            for (const body of bodies(await arrived())) expect((await claimed(body)).eventId).to.equal(body.eventId);
            rest = failed.size === 0 ? [] : batch.slice(batch.findIndex((one) => failed.has(one)));
            if (rest.length === 0) break;
          }
          expect(rest).to.deep.equal([]);
          const seen = bodies(await arrived());
          for (const [hash, changes] of Map.groupBy(batch, ({ keyHash }) => keyHash)) {
            const versions = seen.filter(({ keyHash }) => keyHash === hash).map(({ version }) => version);
            expect(versions).to.deep.equal(changes.map(({ version }) => version));
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it("says of a change from a failure queue that it was redriven", async () => {
    const { deliver, arrived } = destination({ fifo: true });
    await deliver([change({ redriven: true })], callFor(1000));
    const [message] = await arrived();
    expect(JSON.parse(message!.Body!).redriven).to.equal(true);
    expect(message!.MessageAttributes?.redriven).to.deep.equal({ DataType: "String", StringValue: "true" });
  });

  it("sends no group and no deduplication id to a standard queue", async () => {
    await destination({ fifo: false }).deliver([change()], callFor(1000));
    expect(faults.passages[0]!.input.Entries).to.have.nested.property("[0].MessageBody");
    expect(faults.passages[0]!.input.Entries).to.not.have.nested.property("[0].MessageGroupId");
    expect(faults.passages[0]!.input.Entries).to.not.have.nested.property("[0].MessageDeduplicationId");
  });

  it("sends plain images when asked to", async () => {
    const { deliver, arrived } = destination({ fifo: true, images: "plain" });
    await deliver([change({ after: { n: { N: "1.10" }, b: everything.binary! } })], callFor(1000));
    expect(bodies(await arrived())[0].after).to.deep.equal({ id: "a", n: "1.10", b: "AAF/gP8=" });
  });

  it("escapes in the JSON what SQS does not accept, so that nothing is lost", async () => {
    const { deliver, arrived } = destination({ fifo: true });
    const text = "\ufffe\uffff\u0000\u001f\u007f\ud83d end 🎬";
    await deliver([change({ after: { text: { S: text } } })], callFor(1000));
    const [message] = await arrived();
    expect(message!.Body).to.match(/^[\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u);
    expect(message!.Body).to.contain("end 🎬");
    expect(JSON.parse(message!.Body!).after.text.S).to.equal(text);
  });

  it("takes an item that is nearly all emoji, which would not fit if they were escaped", async () => {
    const { deliver, arrived } = destination({ fifo: true });
    const text = "🎬".repeat(98_000);
    expect(await deliver([change({ operation: "INSERT", after: { text: { S: text } } })], callFor(5000))).to.be.empty;
    expect(bodies(await arrived())[0].after.text.S).to.equal(text);
  });

  it("fills calls with ten messages, and with no more than 1 MiB", async () => {
    const { deliver } = destination({ fifo: false });
    const small = Array.from({ length: 35 }, () => change());
    const big = Array.from({ length: 6 }, () =>
      change({ operation: "INSERT", after: { s: { S: "x".repeat(390_000) } } }),
    );
    expect(await deliver([...small, ...big], callFor(10_000))).to.deep.equal([]);
    const sizes = faults.passages.map(({ input }) => (input.Entries as unknown[]).length);
    expect(Math.max(...sizes)).to.equal(10);
    expect(sizes.reduce((sum, size) => sum + size)).to.equal(41);
    expect(sizes).to.have.length.lessThan(8);
  });

  it("never has two messages of one key under way", async () => {
    const { deliver, arrived } = destination({ fifo: true });
    const changes = Array.from({ length: 300 }, (_, i) => change({ id: String(i % 100) }));
    faults.set({ kind: "entries", share: 0.2 });
    expect(await deliver(changes, callFor(20_000))).to.deep.equal([]);
    const groups = faults.passages.map((one) => ({
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
    const order = bodies(await arrived()).map(({ keyHash, version }) => ({ keyHash, version }));
    for (const [hash, versions] of Map.groupBy(order, ({ keyHash }) => keyHash)) {
      const expected = changes.filter((one) => one.keyHash === hash).map(({ version }) => version);
      expect(versions.map(({ version }) => version)).to.deep.equal(expected);
    }
  });

  it("serves the longest lanes first, so that a busy key does not cost calls of its own", async () => {
    const { deliver } = destination({ fifo: true });
    const busy = Array.from({ length: 12 }, () => change({ id: "busy" }));
    const others = Array.from({ length: 90 }, (_, i) => change({ id: `other-${i}` }));
    expect(await deliver([...others, ...busy], callFor(10_000))).to.deep.equal([]);
    expect(faults.passages.length).to.equal(12);
  });

  it("fails what follows a refused change, of its key and of others", async () => {
    const { deliver, arrived } = destination({ fifo: true });
    const [first, refused, later, other] = [
      change({ id: "a" }),
      tooLarge.make("a"),
      change({ id: "a" }),
      change({ id: "b" }),
    ];
    const call = callFor(5000);
    const failed = await deliver([first, refused, later, other], call);
    expect(failed).to.deep.equal([refused, later, other]);
    expect(call.problems.get(later)).to.equal("An earlier change of its key has failed.");
    expect(bodies(await arrived()).map(({ version }) => version)).to.deep.equal([first.version]);
  });

  it("takes the queue's own refusal as final", async () => {
    const { queueUrl } = fauxqs.createQueue("small.fifo", {
      attributes: { FifoQueue: "true", MaximumMessageSize: "1024" },
    });
    const call = callFor(60_000);
    const large = change({ after: { s: { S: "x".repeat(2000) } } });
    expect(await connect({ queueUrl, fifo: true, images: "typed" })([large], call)).to.deep.equal([large]);
    expect(call.retries).to.equal(0);
    expect(call.problems.get(large)).to.match(/^SQS: InvalidParameterValue: .*1024/);
  });

  it("waits for what somebody has to mend, with few calls, and says what it is", async () => {
    const queueUrl = `http://127.0.0.1:${fauxqs.port}/000000000000/missing.fifo`;
    const call = callFor(400);
    const changes = Array.from({ length: 60 }, (_, i) => change({ id: String(i) }));
    expect(await connect({ queueUrl, fifo: true, images: "typed" })(changes, call)).to.have.members(changes);
    expect(call.remaining()).to.be.lessThan(150);
    expect(call.retries).to.be.greaterThan(1);
    expect(call.calls).to.be.at.most(4 * (call.retries + 1));
    expect(call.problems.get(changes[0]!)).to.match(/^SQS: .*QueueDoesNotExist|^SQS: .*NonExistentQueue/);
  });

  it("delivers the rest of a call of which the queue refuses an entry, without waiting", async () => {
    const attributes = { MaximumMessageSize: "1024" };
    const { queueUrl } = fauxqs.createQueue("small", { attributes });
    const call = callFor(60_000);
    const large = change({ after: { s: { S: "x".repeat(2000) } } });
    const changes = [change(), large, change()];
    expect(await connect({ queueUrl, fifo: false, images: "typed" })(changes, call)).to.deep.equal([large]);
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
          const { deliver, arrived } = destination({ fifo: true });
          const batch = keys.map((id) => change({ id: String(id) }));
          let rest: readonly Change[] = batch;
          for (const fault of [...rounds, { kind: "none" as const }]) {
            faults.set(fault);
            const failed = new Set(await deliver(rest, callFor(fault.kind === "none" ? 10_000 : 120)));
            rest = failed.size === 0 ? [] : batch.slice(batch.findIndex((one) => failed.has(one)));
            if (rest.length === 0) break;
          }
          expect(rest).to.deep.equal([]);
          const seen = bodies(await arrived());
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
