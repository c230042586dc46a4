import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import fc from "fast-check";
import { type FauxqsServer, startFauxqs } from "fauxqs";
import type { Change, Image } from "../../handlers/core/change.ts";
import { decodeImage } from "../../handlers/core/decode-image.ts";
import { connect } from "../../handlers/sqs.ts";
import { acceptAstralCharacters } from "../../local/world/fauxqs.ts";
import { conformance } from "../support/conformance.ts";
import { type Faults, startFaults } from "../support/faults.ts";
import { callFor, change, everything } from "./changes.ts";
import { withEnvironment } from "./environment.ts";

describe("sqs", () => {
  let fauxqs: FauxqsServer;
  let client: SQSClient;
  let faults: Faults;
  let restore: () => void;
  let queues = 0;

  before(async () => {
    await acceptAstralCharacters();
    fauxqs = await startFauxqs({ port: 0, logger: false, host: "127.0.0.1" });
    const endpoint = `http://127.0.0.1:${fauxqs.port}`;
    faults = await startFaults(endpoint, 3);
    restore = withEnvironment({ AWS_ENDPOINT_URL_SQS: faults.endpoint });
    client = new SQSClient({ endpoint, useQueueUrlAsEndpoint: false });
  });

  after(async () => {
    restore();
    client.destroy();
    await faults.stop();
    await fauxqs.stop();
  });

  beforeEach(() => {
    faults.set({ kind: "none" });
    faults.passages.length = 0;
  });

  /** A destination with a queue of its own, and all that has arrived there, in order. */
  function destination({ fifo, images = "typed" }: { fifo: boolean; images?: "typed" | "plain" }) {
    const attributes = fifo ? { FifoQueue: "true" } : {};
    const { queueUrl } = fauxqs.createQueue(`queue-${queues++}${fifo ? ".fifo" : ""}`, { attributes });
    const arrived: Message[] = [];
    return {
      deliver: connect({ queueUrl, fifo, images }),
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
