import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import type { DynamoDBStreamEvent } from "aws-lambda";
import { expect } from "chai";
import { Gateway } from "../../../../local/engine/gateway/gateway.ts";
import { destinationOf, isDestination } from "../../../../local/engine/mapping/destinations.ts";
import { failureRecord } from "../../../../local/engine/mapping/give-up.ts";
import { type Fauxqs, startFauxqs } from "../../../../local/engine/world/fauxqs.ts";
import { type Clients, makeClients } from "../../../../operate/clients.ts";

const region = "eu-west-1";
const account = "000000000000";
const uuid = "6e5b3c1e-0000-4000-8000-000000000000";
const shardId = "shardId-00000001573689847184-864758bb";
const record = failureRecord(
  {
    condition: "RetryAttemptsExhausted",
    records: [{ sequenceNumber: "800000000003126276362", createdAt: Date.parse("2019-11-14T00:13:19Z") }],
    attempts: 2,
    requestId: "request",
    functionError: "Unhandled",
  },
  {
    functionArn: `arn:aws:lambda:${region}:${account}:function:consumer`,
    eventSourceArn: `arn:aws:dynamodb:${region}:${account}:table/t/stream/s`,
    shardId,
  },
  Date.parse("2019-11-14T00:38:06.021Z"),
);
const event: DynamoDBStreamEvent = {
  Records: [{ eventName: "INSERT", dynamodb: { Keys: { id: { S: 'a "quoted" text' } } } }],
};

describe("on-failure destinations", () => {
  let fauxqs: Fauxqs;
  let gateway: Gateway;
  let clients: Clients;

  before(async () => {
    fauxqs = await startFauxqs();
    const service = async () => fauxqs.endpoint;
    gateway = await Gateway.start({ services: { sqs: service, sns: service, s3: service } });
    const credentials = gateway.issue({ kind: "mapping", name: "consumer" });
    clients = makeClients({ endpoint: gateway.endpoint, region, credentials });
  });

  after(async () => {
    clients.destroy();
    await gateway.stop();
    await fauxqs.stop();
  });

  const destination = (arn: string) => destinationOf({ arn, uuid, clients, endpoint: gateway.endpoint });

  async function newQueue(QueueName: string) {
    const { QueueUrl } = await clients.sqs.send(new CreateQueueCommand({ QueueName }));
    const receive = async () => {
      const { Messages } = await clients.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5, MessageAttributeNames: ["All"] }),
      );
      return Messages ?? [];
    };
    return { arn: `arn:aws:sqs:${region}:${account}:${QueueName}`, receive };
  }

  it("recorded: a queue gets the message as its body", async () => {
    const queue = await newQueue("failures");
    await destination(queue.arn).send(record, event);
    const [message, ...more] = await queue.receive();
    expect(more).to.deep.equal([]);
    expect(message?.Body).to.equal(JSON.stringify(record));
    expect(message).to.not.have.property("MessageAttributes");
  });

  it("recorded: a topic's subscribers get the same message, without subject or attributes", async () => {
    const queue = await newQueue("subscriber");
    const { TopicArn } = await clients.sns.send(new CreateTopicCommand({ Name: "failures" }));
    await clients.sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queue.arn }));
    await destination(TopicArn!).send(record, event);
    const [message] = await queue.receive();
    const notification = JSON.parse(message!.Body!);
    expect(Object.keys(notification).toSorted()).to.deep.equal([
      "Message",
      "MessageId",
      "Signature",
      "SignatureVersion",
      "SigningCertURL",
      "Timestamp",
      "TopicArn",
      "Type",
      "UnsubscribeURL",
    ]);
    expect(notification).to.deep.include({ Type: "Notification", TopicArn, Message: JSON.stringify(record) });
  });

  it("recorded: a bucket gets an object with the event in it, under a key that tells mapping, shard and time", async () => {
    await clients.s3.send(new CreateBucketCommand({ Bucket: "failures" }));
    const bucket = destination("arn:aws:s3:::failures");
    await bucket.check?.();
    await bucket.send(record, event);
    const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket: "failures" }));
    expect(Contents).to.have.length(1);
    const { Key } = Contents[0]!;
    expect(Key!.slice(0, -36)).to.equal(`aws/lambda/${uuid}/${shardId}/2019/11/14/2019-11-14T00.38.06-`);
    expect(Key!.slice(-36)).to.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: "failures", Key }));
    const text = await Body!.transformToString();
    expect(text).to.equal(JSON.stringify({ ...record, payload: JSON.stringify(event) }));
    expect(JSON.parse(JSON.parse(text).payload)).to.deep.equal(event);
  });

  it("finds out that a bucket is missing before anything is sent", async () => {
    const error = await destination("arn:aws:s3:::missing")
      .check?.()
      .catch((error) => error);
    expect(error?.name).to.equal("NotFound");
  });

  for (const arn of [
    `arn:aws:sqs:${region}:${account}:missing`,
    `arn:aws:sns:${region}:${account}:missing`,
    "arn:aws:s3:::missing",
  ]) {
    it(`rejects a message to ${arn}, which does not exist`, async () => {
      const error = await destination(arn)
        .send(record, event)
        .then(
          () => undefined,
          (error) => error,
        );
      expect(error?.name).to.match(/NonExistentQueue|QueueDoesNotExist|NotFound|NoSuchBucket/);
    });
  }

  const arns: [string, boolean][] = [
    ["arn:aws:sqs:eu-west-1:1:q", true],
    ["arn:aws-cn:sns:cn-north-1:1:t", true],
    ["arn:aws:s3:::b", true],
    ["arn:aws:kinesis:eu-west-1:1:stream/s", false],
    ["arn:aws:constructor:eu-west-1:1:x", false],
    ["sqs", false],
    ["x:y:sqs:z", false],
  ];
  for (const [arn, expected] of arns) {
    it(`${expected ? "knows" : "does not know"} ${arn}`, () => expect(isDestination(arn)).to.equal(expected));
  }
});
