import { createHash } from "node:crypto";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { Gateway } from "../../../../local/engine/gateway/gateway.ts";
import { type Fauxqs, startFauxqs } from "../../../../local/engine/world/fauxqs.ts";
import { makeClients } from "../../../../operate/clients.ts";

describe("messages of SQS that pass the gateway", () => {
  let fauxqs: Fauxqs;
  let gateway: Gateway;
  let sqs: SQSClient;
  before(async () => {
    fauxqs = await startFauxqs();
    gateway = await Gateway.start({ services: { sqs: async () => fauxqs.endpoint } });
    const credentials = gateway.issue({ kind: "user", name: "user" });
    ({ sqs } = makeClients({ endpoint: gateway.endpoint, region: "eu-west-1", credentials }));
  });
  after(async () => {
    sqs?.destroy();
    await gateway?.stop();
    await fauxqs?.stop();
  });

  let queues = 0;
  async function newQueue(Attributes?: Record<string, string>): Promise<string> {
    queues += 1;
    const QueueName = `q${queues}${Attributes?.FifoQueue ? ".fifo" : ""}`;
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, ...(Attributes && { Attributes }) }));
    return QueueUrl!;
  }

  async function receive(QueueUrl: string, asked: Partial<ReceiveMessageCommandInput> = {}) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0, ...asked }),
    );
    return Messages;
  }

  describe("their attributes", () => {
    const text = (StringValue: string) => ({ DataType: "String", StringValue });
    const MessageAttributes = {
      "film.id": text("1"),
      "film.year": { DataType: "Number", StringValue: "1995" },
      poster: { DataType: "Binary.png", BinaryValue: new Uint8Array([0, 255]) },
    };
    let QueueUrl: string;
    before(async () => {
      QueueUrl = await newQueue();
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "m", MessageAttributes }));
    });

    const asked: readonly (readonly [names: string[] | undefined, given: (keyof typeof MessageAttributes)[]])[] = [
      [undefined, []],
      [[], []],
      [["other"], []],
      [["poster"], ["poster"]],
      [["film.*"], ["film.id", "film.year"]],
      [["All"], ["film.id", "film.year", "poster"]],
      [[".*"], ["film.id", "film.year", "poster"]],
    ];
    for (const [names, given] of asked) {
      it(`are given to who asks for them, with their digest: ${JSON.stringify(names)}`, async () => {
        const [message] = await receive(QueueUrl, names && { MessageAttributeNames: names });
        expect(message!.Body).to.equal("m");
        const some = Object.fromEntries(given.map((name) => [name, MessageAttributes[name]]));
        expect(message!.MessageAttributes).to.deep.equal(given.length === 0 ? undefined : some);
        expect(message!.MD5OfMessageAttributes).to.equal(given.length === 0 ? undefined : await digestOf(some));
      });
    }

    /** What SQS says of a message that is sent with these attributes. */
    async function digestOf(attributes: Partial<typeof MessageAttributes>) {
      const command = { QueueUrl: await newQueue(), MessageBody: "m", MessageAttributes: attributes };
      return (await sqs.send(new SendMessageCommand(command))).MD5OfMessageAttributes;
    }

    it("of the system are given to who asks for them", async () => {
      expect((await receive(QueueUrl))[0]).to.not.have.property("Attributes");
      const [one] = await receive(QueueUrl, { MessageSystemAttributeNames: ["SentTimestamp"] });
      expect(Object.keys(one!.Attributes!)).to.deep.equal(["SentTimestamp"]);
    });
  });

  describe("their deduplication", () => {
    const byGroup = {
      FifoQueue: "true",
      DeduplicationScope: "messageGroup",
      FifoThroughputLimit: "perMessageGroupId",
    };
    const id = (MessageGroupId: string, MessageDeduplicationId: string) => ({ MessageGroupId, MessageDeduplicationId });

    async function all(QueueUrl: string) {
      const found: string[] = [];
      for (;;) {
        const messages = await receive(QueueUrl, { VisibilityTimeout: 60, MessageSystemAttributeNames: ["All"] });
        if (messages.length === 0) return found.toSorted();
        const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
        await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
        for (const { Attributes, Body } of messages)
          found.push(`${Attributes?.MessageGroupId} ${Attributes?.MessageDeduplicationId} ${Body}`);
      }
    }

    it("is by group where the queue says so, one by one and in batches", async () => {
      const QueueUrl = await newQueue(byGroup);
      const send = (MessageBody: string, ids: ReturnType<typeof id>) =>
        sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...ids }));
      const first = await send("1", id("a", "x"));
      const other = await send("2", id("b", "x"));
      const again = await send("3", id("a", "x"));
      expect(again.MessageId).to.equal(first.MessageId);
      expect(other.MessageId).to.not.equal(first.MessageId);
      const Entries = [id("a", "x"), id("c", "x"), id("c", "y")].map((ids, index) => ({
        Id: `e${index}`,
        MessageBody: `batch ${index}`,
        ...ids,
      }));
      const { Successful } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      expect(Successful?.map(({ Id }) => Id)).to.deep.equal(["e0", "e1", "e2"]);
      expect(await all(QueueUrl)).to.deep.equal(["a x 1", "b x 2", "c x batch 1", "c y batch 2"]);
    });

    it("is by group and content where the queue says both", async () => {
      const QueueUrl = await newQueue({ ...byGroup, ContentBasedDeduplication: "true" });
      for (const MessageGroupId of ["a", "b", "a"])
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "same", MessageGroupId }));
      const hash = createHash("sha256").update("same").digest("hex");
      expect(await all(QueueUrl)).to.deep.equal([`a ${hash} same`, `b ${hash} same`]);
    });

    it("needs an id where the queue does not look at the content", async () => {
      const QueueUrl = await newQueue(byGroup);
      const command = new SendMessageCommand({ QueueUrl, MessageBody: "m", MessageGroupId: "a" });
      const { message } = await sqs.send(command).catch((error) => error);
      expect(message).to.match(/ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly/);
    });

    it("is of the whole queue else", async () => {
      const QueueUrl = await newQueue({ FifoQueue: "true" });
      for (const group of ["a", "b"])
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: group, ...id(group, "x") }));
      expect(await all(QueueUrl)).to.deep.equal(["a x a"]);
    });

    it("looks at the content as soon as that is set", async () => {
      const QueueUrl = await newQueue(byGroup);
      const Attributes = { ContentBasedDeduplication: "true" };
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
      for (const MessageGroupId of ["a", "b", "b"])
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "same", MessageGroupId }));
      expect((await all(QueueUrl)).map((text) => text[0])).to.deep.equal(["a", "b"]);
    });

    it("is forgotten with the queue", async () => {
      const QueueUrl = await newQueue(byGroup);
      await sqs.send(new DeleteQueueCommand({ QueueUrl }));
      const QueueName = QueueUrl.split("/").at(-1)!;
      await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { FifoQueue: "true" } }));
      for (const group of ["a", "b"])
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: group, ...id(group, "x") }));
      expect(await all(QueueUrl)).to.deep.equal(["a x a"]);
    });
  });
});
