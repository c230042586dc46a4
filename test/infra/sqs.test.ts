import { expect } from "chai";
import { queueUrl, readQueueArn } from "../../infra/sqs/queue-arn.ts";
import { graph } from "../support/graph.ts";
import { refusal } from "../support/refusal.ts";

const source = { hashKey: { name: "id", type: "S" } };
const queueArn = "arn:aws:sqs:us-east-1:111122223333:orders.fifo";
const stack = (settings: object) => ({ source, destinations: { events: { kind: "sqs", ...settings } } });

describe("kind sqs", () => {
  it("makes a standard queue where asked for one", async () => {
    const made = await graph({
      config: stack({
        fifo: false,
        messageRetentionSeconds: 60,
        visibilityTimeoutSeconds: 0,
        maxReceiveCount: 1,
        images: "plain",
      }),
    });
    for (const name of ["fanout-events-queue", "fanout-events-dead-letters"]) {
      const { inputs } = made.named(name, "aws:sqs/queue:Queue");
      expect(inputs).to.not.have.any.keys("fifoQueue", "deduplicationScope", "fifoThroughputLimit");
      expect(inputs).to.include({ sqsManagedSseEnabled: true });
    }
    expect(made.named("fanout-events-queue", "aws:sqs/queue:Queue").inputs).to.include({
      messageRetentionSeconds: 60,
      visibilityTimeoutSeconds: 0,
      redrivePolicy:
        '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:111122223333:fanout-events-dead-letters-1234567","maxReceiveCount":1}',
    });
    const { variables } = made.named("fanout-events-function").inputs.environment as {
      variables: { DESTINATIONS: string };
    };
    expect(JSON.parse(variables.DESTINATIONS).events.settings).to.include({ fifo: false, images: "plain" });
  });

  it("sends to an existing queue, and makes none", async () => {
    const encryptionKey = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const made = await graph({ config: stack({ queueArn, encryptionKey }) });
    expect(made.of("aws:sqs/queue:Queue").map(({ name }) => name)).to.deep.equal(["fanout-events-failures"]);
    const url = "https://sqs.us-east-1.amazonaws.com/111122223333/orders.fifo";
    const { variables } = made.named("fanout-events-function").inputs.environment as {
      variables: { DESTINATIONS: string };
    };
    expect(JSON.parse(variables.DESTINATIONS).events.settings).to.deep.equal({
      queueUrl: url,
      fifo: true,
      images: "typed",
    });
    const { Statement } = JSON.parse(String(made.named("fanout-events-policy").inputs.policy));
    expect(Statement.slice(-2)).to.deep.equal([
      { Sid: "Deliver0", Effect: "Allow", Action: ["sqs:SendMessage"], Resource: [queueArn] },
      { Sid: "Deliver1", Effect: "Allow", Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: [encryptionKey] },
    ]);
    const { destinations } = made.outputs as { destinations: Record<string, { sink: unknown }> };
    expect(destinations.events?.sink).to.deep.equal({ queueUrl: url, queueArn });
  });

  it("refuses what does not go together", async () => {
    expect(
      await refusal(stack({ queueArn: queueArn.replace("us-east-1", "eu-west-1"), fifo: true, maxReceiveCount: 3 })),
    ).to.deep.equal([
      "destinations.events.fifo: says how to make a queue, but queueArn names one that exists; expected one of the two",
      "destinations.events.maxReceiveCount: says how to make a queue, but queueArn names one that exists; expected one of the two",
      "destinations.events.queueArn: the queue is in eu-west-1; expected one in the stack's Region us-east-1",
    ]);
    const elsewhere = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd";
    expect(await refusal(stack({ queueArn, encryptionKey: elsewhere }))).to.deep.equal([
      "destinations.events.encryptionKey: the key is in eu-west-1; expected one in us-east-1, where the queue is",
    ]);
    expect(await refusal(stack({ encryptionKey: "alias/mine", queueArn: "orders" }))).to.deep.equal([
      'destinations.events.queueArn: "orders" is not allowed; expected the ARN of a queue in the stack\'s Region, such as arn:aws:sqs:us-east-1:111122223333:orders.fifo',
      'destinations.events.encryptionKey: "alias/mine" is not allowed; expected the ARN of a KMS key, such as arn:aws:kms:us-east-1:111122223333:key/1234abcd-...',
    ]);
    expect(await refusal(stack({ encryptionKey: "arn:aws:kms:us-east-1:111122223333:key/1234abcd" }))).to.deep.equal([
      "destinations.events.encryptionKey: is for an existing queue (queueArn); a new queue is encrypted with SQS's own key",
    ]);
  });
});

describe("a queue's ARN", () => {
  it("gives its URL", () => {
    expect(queueUrl(readQueueArn(queueArn)!)).to.equal("https://sqs.us-east-1.amazonaws.com/111122223333/orders.fifo");
    expect(queueUrl(readQueueArn("arn:aws-cn:sqs:cn-north-1:111122223333:a")!)).to.equal(
      "https://sqs.cn-north-1.amazonaws.com.cn/111122223333/a",
    );
    expect(queueUrl(readQueueArn("arn:aws-us-gov:sqs:us-gov-west-1:111122223333:a_b-c")!)).to.equal(
      "https://sqs.us-gov-west-1.amazonaws.com/111122223333/a_b-c",
    );
  });

  for (const text of [
    "",
    "orders",
    "arn:aws:sns:us-east-1:111122223333:orders",
    "arn:aws:sqs:us-east-1:1:orders",
    `${queueArn}.fifo`,
  ])
    it(`is not ${JSON.stringify(text)}`, () => {
      expect(readQueueArn(text)).to.equal(undefined);
    });
});
