import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { DescribeStreamCommand } from "@aws-sdk/client-dynamodb-streams";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { CreateBucketCommand, HeadBucketCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { Gateway } from "../../../../local/engine/gateway/gateway.ts";
import { startFauxqs } from "../../../../local/engine/world/fauxqs.ts";
import { makeClients } from "../../../../operate/clients.ts";
import { GatewayFixture } from "./fixture.ts";

describe("the gateway", () => {
  const fake = new GatewayFixture();
  const records = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ Data: Buffer.from(String(index)) }));

  it("knows who calls which operation of which service, and counts", async () => {
    fake.answer = ({ target }) =>
      target.endsWith("PutRecordBatch") ? { FailedPutCount: 0, RequestResponses: [{}] } : {};
    const put = new PutItemCommand({ TableName: "t", Item: { id: { S: "a" } } });
    await new DynamoDBClient(fake.config("one")).send(put);
    await new DynamoDBClient(fake.config("one")).send(put);
    await new DynamoDBClient(fake.config("two")).send(put);
    await new FirehoseClient(fake.config("two")).send(
      new PutRecordBatchCommand({ DeliveryStreamName: "s", Records: records(1) }),
    );
    const stranger = makeClients({
      endpoint: fake.gateway.endpoint,
      region: "eu-west-1",
      credentials: { accessKeyId: "me", secretAccessKey: "me", sessionToken: "" },
    });
    await stranger.streams.send(new DescribeStreamCommand({ StreamArn: "arn" }));
    expect(fake.gateway.meters().map(({ units }) => units)).to.deep.equal([
      { writeUnits: 2 },
      { writeUnits: 1 },
      { firehoseSteps: 1 },
      {},
    ]);
    const table = fake.gateway
      .meters()
      .map(({ caller, service, operation, calls, requestBytes, responseBytes }) => [
        caller.kind,
        caller.name,
        service,
        operation,
        calls,
        requestBytes > 0,
        responseBytes > 0,
      ]);
    expect(table).to.deep.equal([
      ["function", "one", "dynamodb", "PutItem", 2, true, true],
      ["function", "two", "dynamodb", "PutItem", 1, true, true],
      ["function", "two", "firehose", "PutRecordBatch", 1, true, true],
      ["user", "user", "dynamodb", "DescribeStream", 1, true, true],
    ]);
  });

  it("names the operations of S3 by method and path, and keeps what HEAD says about the length", async () => {
    const { s3 } = fake.clients();
    await s3.send(new PutObjectCommand({ Bucket: "b", Key: "a/b.gz", Body: "x" }));
    const { ContentLength } = await s3.send(new HeadObjectCommand({ Bucket: "b", Key: "a/b.gz" }));
    expect(ContentLength).to.equal(1234);
    expect(fake.gateway.meters().map(({ operation }) => operation)).to.deep.equal(["PutObject", "HeadObject"]);
    expect(fake.seen.map(({ path }) => path.split("?")[0])).to.deep.equal(["/b/a/b.gz", "/b/a/b.gz"]);
  });

  it("answers as AWS does when it cannot serve a call", async () => {
    const unsigned = await fetch(fake.gateway.endpoint, { method: "POST", headers: { "x-amz-target": "X.Y" } });
    expect(unsigned.status).to.equal(403);
    expect(await unsigned.json()).to.include({ __type: "MissingAuthenticationToken" });
    const away = await Gateway.start({ services: { sqs: async () => "http://127.0.0.1:1" } });
    try {
      const credentials = away.issue({ kind: "function", name: "f" });
      const at = { endpoint: away.endpoint, region: "eu-west-1", credentials, maxAttempts: 1 };
      const ask = new GetQueueUrlCommand({ QueueName: "q" });
      const unreachable = await new SQSClient(at).send(ask).catch((error) => error);
      expect(unreachable.$metadata.httpStatusCode).to.equal(503);
      expect(unreachable.message).to.match(/^The stand-in for sqs did not answer: /);
      const put = new PutRecordBatchCommand({ DeliveryStreamName: "s", Records: [] });
      const unknown = await new FirehoseClient(at).send(put).catch((error) => error);
      expect(unknown.message).to.equal("firehose:PutRecordBatch was called, but this machine stands in for sqs only.");
      expect(away.meters().map(({ errors }) => errors)).to.deep.equal([1, 1]);
    } finally {
      await away.stop();
    }
  });

  it("lets nobody call DynamoDB while somebody wants to be alone with it", async () => {
    const order: string[] = [];
    const put = new PutItemCommand({ TableName: "t", Item: { id: { S: "a" } } });
    const client = new DynamoDBClient(fake.config("f"));
    let release = () => {};
    const arrived = new Promise<void>((resolve) => {
      fake.answer = () => {
        resolve();
        order.push("served");
        return {};
      };
    });
    const first = client.send(put);
    await arrived;
    const alone = fake.gateway.aloneWithDynamoDb(async () => {
      order.push("alone");
      await new Promise<void>((resolve) => (release = resolve));
      order.push("done");
    });
    await first;
    const second = client.send(put);
    await new SQSClient(fake.config("f")).send(new GetQueueUrlCommand({ QueueName: "q" }));
    release();
    await Promise.all([alone, second]);
    expect(order).to.deep.equal(["served", "alone", "served", "done", "served"]);
  });

  it("passes on answers to HEAD, whatever they say about the length", async () => {
    const fauxqs = await startFauxqs();
    const front = await Gateway.start({ services: { s3: async () => fauxqs.endpoint } });
    try {
      const credentials = front.issue({ kind: "function", name: "f" });
      const { s3 } = makeClients({ endpoint: front.endpoint, region: "eu-west-1", credentials });
      await s3.send(new CreateBucketCommand({ Bucket: "films" }));
      await s3.send(new HeadBucketCommand({ Bucket: "films" }));
      const head = new HeadObjectCommand({ Bucket: "films", Key: "a" });
      const missing = await s3.send(head).catch((error) => error);
      expect([missing.name, missing.$metadata.httpStatusCode]).to.deep.equal(["NotFound", 404]);
      await s3.send(new PutObjectCommand({ Bucket: "films", Key: "a", Body: "text" }));
      expect((await s3.send(head)).ContentLength).to.equal(4);
    } finally {
      await front.stop();
      await fauxqs.stop();
    }
  });

  it("hangs up when it cannot write an answer, and goes on", async () => {
    fake.faults = ({ operation }) =>
      operation === "GetItem" ? { kind: "error", error: { status: 42, code: "Odd", message: "" } } : undefined;
    const client = new DynamoDBClient(fake.config("f"));
    const get = new GetItemCommand({ TableName: "t", Key: { id: { S: "a" } } });
    expect((await client.send(get).catch((error) => error)).code).to.equal("ECONNRESET");
    await client.send(new PutItemCommand({ TableName: "t", Item: { id: { S: "a" } } }));
  });
});
