import { expect } from "chai";
import { callFor } from "../../call-for.ts";
import { change, everything } from "../../changes.ts";
import { type Queues, startQueues } from "./queues.ts";

describe("sqs, a message", () => {
  let queues: Queues;

  before(async () => {
    queues = await startQueues(3);
  });

  after(() => queues.stop());

  beforeEach(() => {
    queues.faults.set({ kind: "none" });
    queues.store.faults.set({ kind: "none" });
    queues.faults.passages.length = 0;
  });

  it("sends a body and attributes that a reader can filter on", async () => {
    const { deliver, arrived } = queues.destination({ fifo: true });
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
    const [{ input }] = queues.faults.passages as unknown as [{ input: { Entries: unknown[] } }];
    expect(input.Entries[0]).to.include({ MessageGroupId: sent.keyHash, MessageDeduplicationId: sent.eventId });
  });

  it("says of a change from a failure queue that it was redriven", async () => {
    const { deliver, arrived } = queues.destination({ fifo: true });
    await deliver([change({ redriven: true })], callFor(1000));
    const [message] = await arrived();
    expect(JSON.parse(message!.Body!).redriven).to.equal(true);
    expect(message!.MessageAttributes?.redriven).to.deep.equal({ DataType: "String", StringValue: "true" });
  });

  it("sends no group and no deduplication id to a standard queue", async () => {
    await queues.destination({ fifo: false }).deliver([change()], callFor(1000));
    expect(queues.faults.passages[0]!.input.Entries).to.have.nested.property("[0].MessageBody");
    expect(queues.faults.passages[0]!.input.Entries).to.not.have.nested.property("[0].MessageGroupId");
    expect(queues.faults.passages[0]!.input.Entries).to.not.have.nested.property("[0].MessageDeduplicationId");
  });

  it("sends plain images when asked to", async () => {
    const { deliver, bodies } = queues.destination({ fifo: true, images: "plain" });
    await deliver([change({ after: { n: { N: "1.10" }, b: everything.binary! } })], callFor(1000));
    expect((await bodies())[0].after).to.deep.equal({ id: "a", n: "1.10", b: "AAF/gP8=" });
  });

  it("escapes in the JSON what SQS does not accept, so that nothing is lost", async () => {
    const { deliver, arrived } = queues.destination({ fifo: true });
    const text = "\ufffe\uffff\u0000\u001f\u007f\ud83d end 🎬";
    await deliver([change({ after: { text: { S: text } } })], callFor(1000));
    const [message] = await arrived();
    expect(message!.Body).to.match(/^[\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u);
    expect(message!.Body).to.contain("end 🎬");
    expect(JSON.parse(message!.Body!).after.text.S).to.equal(text);
  });

  it("takes an item that is nearly all emoji, which would not fit if they were escaped", async () => {
    const { deliver, bodies } = queues.destination({ fifo: true });
    const text = "🎬".repeat(98_000);
    expect(await deliver([change({ operation: "INSERT", after: { text: { S: text } } })], callFor(5000))).to.be.empty;
    expect((await bodies())[0].after.text.S).to.equal(text);
  });
});
