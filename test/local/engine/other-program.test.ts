import { BatchWriteItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { DescribeStreamCommand, GetRecordsCommand, GetShardIteratorCommand } from "@aws-sdk/client-dynamodb-streams";
import { DeleteMessageCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { type Engine, up } from "../../../local/engine/engine.ts";
import type { FailureRecord } from "../../../local/engine/mapping/give-up.ts";
import { sharedDynamoDb } from "../../support/dynamodb.ts";

interface Outputs {
  readonly tableName: string;
  readonly streamArn: string;
  readonly translateArn: string;
  readonly translatingId: string;
  readonly translationsUrl: string;
  readonly untranslatedUrl: string;
  readonly scoreArn: string;
  readonly scoringId: string;
  readonly scoresUrl: string;
  readonly failureTopicArn: string;
  readonly failureQueueUrl: string;
}

describe("a program that somebody else wrote", () => {
  let engine: Engine;
  let outputs: Outputs;
  before(async () => {
    const { endpoint } = await sharedDynamoDb();
    // Without a stack file, and with its own folder as its project's.
    engine = await up({ root: "test/fixtures/programs/reviews", dynamoDbEndpoint: endpoint, timeScale: 0.01 });
    outputs = engine.outputs as unknown as Outputs;
  });
  after(() => engine?.down());

  const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
  const milliseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

  const write = (product: string, more: Record<string, object>) =>
    engine.clients.dynamodb.send(
      new PutItemCommand({
        TableName: outputs.tableName,
        Item: { product: { S: product }, written: { N: "1" }, ...more } as never,
      }),
    );
  const receive = async (QueueUrl: string): Promise<string[]> => {
    const bodies: string[] = [];
    for (;;) {
      const { Messages = [] } = await engine.clients.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return bodies;
      for (const { Body = "", ReceiptHandle } of Messages) {
        bodies.push(Body);
        await engine.clients.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  };
  /** Where in the stream a product's only review is, as a failure message says it. */
  const placeOf = async (product: string) => {
    const { streams } = engine.clients;
    const StreamArn = outputs.streamArn;
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
    for (const { ShardId } of StreamDescription?.Shards ?? []) {
      const from = { StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" } as const;
      const { ShardIterator } = await streams.send(new GetShardIteratorCommand(from));
      const { Records = [] } = await streams.send(new GetRecordsCommand({ ShardIterator }));
      const found = Records.find(({ dynamodb }) => dynamodb?.Keys?.product?.S === product)?.dynamodb;
      if (found === undefined) continue;
      const arrival = found.ApproximateCreationDateTime?.toISOString().replace(/\.\d{3}Z$/, "Z");
      return {
        shardId: ShardId,
        startSequenceNumber: found.SequenceNumber,
        endSequenceNumber: found.SequenceNumber,
        approximateArrivalOfFirstRecord: arrival,
        approximateArrivalOfLastRecord: arrival,
        batchSize: 1,
        streamArn: StreamArn,
      };
    }
    throw new Error(`there is no review of ${product}`);
  };

  it("runs unchanged: an ES module from an archive of assets, and CommonJS from a folder", async () => {
    const request = (product: string) => ({
      PutRequest: {
        Item: { product: { S: product }, written: { N: "1" }, text: { S: `I like ${product}` }, stars: { N: "4" } },
      },
    });
    await engine.clients.dynamodb.send(
      new BatchWriteItemCommand({ RequestItems: { [outputs.tableName]: [request("tea"), request("jam")] } }),
    );
    await engine.idle();
    const translated = (await receive(outputs.translationsUrl)).map((body) => JSON.parse(body));
    expect(translated).to.have.deep.members([
      { product: "tea", languages: ["de", "fr"], text: "I like tea" },
      { product: "jam", languages: ["de", "fr"], text: "I like jam" },
    ]);
    expect(await receive(outputs.scoresUrl)).to.have.members(["tea: ****", "jam: ****"]);
    expect([...engine.mappings.keys()]).to.have.members([outputs.translatingId, outputs.scoringId]);
    expect(outputs.streamArn).to.match(
      /^arn:aws:dynamodb:eu-central-1:000000000000:table\/reviews-[0-9a-f]{7}\/stream\//,
    );
  });

  it("has what one function gives up in its queue", async () => {
    await write("ink", { text: { S: "(illegible)" }, stars: { N: "1" } });
    await engine.idle();
    const [body = "", ...more] = await receive(outputs.untranslatedUrl);
    expect(more).to.deep.equal([]);
    const message = JSON.parse(body) as FailureRecord;
    expect(message.requestContext.requestId).to.match(uuid);
    expect(message.timestamp).to.match(milliseconds);
    expect(message).to.deep.equal({
      requestContext: {
        requestId: message.requestContext.requestId,
        functionArn: outputs.translateArn,
        condition: "RetryAttemptsExhausted",
        approximateInvokeCount: 2,
      },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: null },
      version: "1.0",
      timestamp: message.timestamp,
      DDBStreamBatchInfo: await placeOf("ink"),
    });
    expect(await receive(outputs.failureQueueUrl)).to.deep.equal([]);
    const { log } = engine.functions.get(outputs.translateArn.split(":").at(-1) ?? "") ?? {};
    expect(log).to.deep.equal(["cannot translate ink", "cannot translate ink"]);
  });

  it("has what the other one gives up on its topic, and what is subscribed to that", async () => {
    await write("soap", { text: { S: "I like soap" } });
    await engine.idle();
    const [body = "", ...more] = await receive(outputs.failureQueueUrl);
    expect(more).to.deep.equal([]);
    const notification = JSON.parse(body);
    expect(notification).to.include({ Type: "Notification", TopicArn: outputs.failureTopicArn });
    expect(notification.MessageId).to.match(uuid);
    const message = JSON.parse(notification.Message) as FailureRecord;
    expect(message.requestContext.requestId).to.match(uuid);
    expect(message.timestamp).to.match(milliseconds);
    expect(message).to.deep.equal({
      requestContext: {
        requestId: message.requestContext.requestId,
        functionArn: outputs.scoreArn,
        condition: "RetryAttemptsExhausted",
        approximateInvokeCount: 1,
      },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      version: "1.0",
      timestamp: message.timestamp,
      DDBStreamBatchInfo: await placeOf("soap"),
    });
    expect(await receive(outputs.untranslatedUrl)).to.deep.equal([]);
  });
});
