import { ChangeMessageVisibilityCommand, GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { coverageOf, failedChanges, peekAll } from "../../../operate/compare/failed-changes.ts";
import type { StreamChange } from "../../../operate/compare/stream.ts";

describe("failed changes", () => {
  const change = (version: number, shardId = "one"): StreamChange => ({
    shardId,
    eventId: `${shardId}-${version}`,
    operation: "INSERT",
    version: String(version),
    keyHash: `key-${version % 3}`,
    record: {},
  });
  const message = (start: number, end: number) => ({
    MessageId: `${start}`,
    ReceiptHandle: `handle-${start}`,
    Body: JSON.stringify({
      DDBStreamBatchInfo: { shardId: "one", startSequenceNumber: `0${start}`, endSequenceNumber: `0${end}` },
    }),
  });

  /** A queue that claims to have so many messages and gives these, and what became visible again. */
  function queue(claimed: number, messages: object[]) {
    const looked: string[] = [];
    const released: string[] = [];
    const send = async (command: { input: { QueueUrl: string } }) => {
      if (command instanceof GetQueueAttributesCommand) {
        looked.push(command.input.QueueUrl!);
        return { Attributes: { ApproximateNumberOfMessages: String(claimed) } };
      }
      if (command instanceof ChangeMessageVisibilityCommand) {
        released.push(`${command.input.ReceiptHandle} ${command.input.VisibilityTimeout}`);
        return {};
      }
      return { Messages: messages.splice(0, 1) };
    };
    return { sqs: { send } as unknown as SQSClient, looked, released };
  }

  it("reads the messages, which name the changes that they cover, in their shard alone", async () => {
    const { sqs, released } = queue(2, [message(2, 3), message(5, 5)]);
    const changes = [1, 2, 3, 4, 5].map((version) => change(version)).concat(change(2, "two"));
    const bodies = (await peekAll(sqs, ["url"])).get("url")!;
    expect(bodies).to.have.length(2);
    const covered = changes.filter(coverageOf(bodies));
    expect(covered.map(({ eventId }) => eventId)).to.deep.equal(["one-2", "one-3", "one-5"]);
    expect([...new Set(covered.map(({ keyHash }) => keyHash))]).to.deep.equal(["key-2", "key-0"]);
    expect(released).to.deep.equal(["handle-2 0", "handle-5 0"]);
  });

  it("are excused, and so are their keys unless a later change has arrived", () => {
    const changes = [1, 2, 3, 4, 5, 6].map((version) => change(version));
    const { events, behind } = failedChanges([changes[1]!, changes[2]!, changes[4]!], changes);
    expect([...events]).to.deep.equal(["one-2", "one-3", "one-5"]);
    expect([...behind]).to.deep.equal(["key-2"]);
  });

  it("are looked for in a queue once, however often it is named", async () => {
    const { sqs, looked } = queue(0, []);
    await peekAll(sqs, ["a", "b", "a"]);
    expect(looked).to.deep.equal(["a", "b"]);
  });

  it("become visible again though the queue gives less than it has", async () => {
    const { sqs, released } = queue(2, [message(1, 1)]);
    const error = await peekAll(sqs, ["url"]).catch((caught) => caught);
    expect(error.message).to.equal("url says that it has 2 messages, but gave 1");
    expect(released).to.deep.equal(["handle-1 0"]);
  });
});
