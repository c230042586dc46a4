import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { type Fauxqs, startFauxqs } from "../../../../local/engine/world/fauxqs.ts";

describe("fauxqs", () => {
  let fauxqs: Fauxqs;
  let client: SQSClient;
  let QueueUrl: string;

  before(async () => {
    fauxqs = await startFauxqs();
    const credentials = { accessKeyId: "key", secretAccessKey: "secret" };
    client = new SQSClient({
      endpoint: fauxqs.endpoint,
      region: "us-east-1",
      credentials,
      useQueueUrlAsEndpoint: false,
    });
    QueueUrl = (await client.send(new CreateQueueCommand({ QueueName: "messages" }))).QueueUrl!;
  });

  after(async () => {
    client.destroy();
    await fauxqs.stop();
  });

  const send = (MessageBody: string) => client.send(new SendMessageCommand({ QueueUrl, MessageBody }));

  it("gives a message back as it was sent, with characters above U+FFFF", async () => {
    const body = "\t\n\r end 🎬\u{10ffff}\ud7ff\ue000\ufffd";
    await send(body);
    const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages?.map(({ Body }) => Body)).to.deep.equal([body]);
  });

  for (const character of ["\ufffe", "\uffff", "\u0000", "\u001f"]) {
    it(`refuses ${JSON.stringify(character)}, as SQS does`, async () => {
      const { name } = await send(`🎬${character}`).catch((error) => error);
      expect(name).to.match(/InvalidMessageContents$/);
    });
  }
});
