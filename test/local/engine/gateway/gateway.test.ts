import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { DescribeStreamCommand, GetRecordsCommand } from "@aws-sdk/client-dynamodb-streams";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { CreateBucketCommand, HeadBucketCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetQueueUrlCommand, SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { type FaultHook, seededFaults } from "../../../../local/engine/gateway/faults.ts";
import { Gateway } from "../../../../local/engine/gateway/gateway.ts";
import { startFauxqs } from "../../../../local/engine/world/fauxqs.ts";
import { makeClients } from "../../../../operate/stack/clients.ts";
import { sharedDynamoDb } from "../../../support/dynamodb.ts";

interface Seen {
  readonly target: string;
  readonly path: string;
  readonly body: Record<string, unknown>;
}

describe("the gateway", () => {
  let upstream: Server;
  let gateway: Gateway;
  let seen: Seen[];
  let answer: (seen: Seen) => unknown;
  let hook: FaultHook;

  beforeEach(async () => {
    seen = [];
    answer = () => ({});
    hook = () => undefined;
    upstream = createServer(async (request, response) => {
      const body = await text(request);
      const call = {
        target: String(request.headers["x-amz-target"]),
        path: request.url ?? "",
        body: body.startsWith("{") ? JSON.parse(body) : {},
      };
      seen.push(call);
      if (request.method === "HEAD") response.setHeader("content-length", "1234").end();
      else response.end(JSON.stringify(answer(call)));
    }).listen(0, "127.0.0.1");
    await once(upstream, "listening");
    const address = async () => `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
    gateway = await Gateway.start({
      services: { dynamodb: address, sqs: address, firehose: address, s3: address },
      faults: (call) => hook(call),
    });
  });
  afterEach(async () => {
    await gateway.stop();
    upstream.closeAllConnections();
    upstream.close();
  });

  const config = (name: string) => ({
    endpoint: gateway.endpoint,
    region: "eu-west-1",
    credentials: gateway.issue({ kind: "function", name }),
    maxAttempts: 1,
  });
  const records = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ Data: Buffer.from(String(index)) }));

  it("knows who calls which operation of which service, and counts", async () => {
    answer = ({ target }) => (target.endsWith("PutRecordBatch") ? { FailedPutCount: 0, RequestResponses: [{}] } : {});
    const put = new PutItemCommand({ TableName: "t", Item: { id: { S: "a" } } });
    await new DynamoDBClient(config("one")).send(put);
    await new DynamoDBClient(config("one")).send(put);
    await new DynamoDBClient(config("two")).send(put);
    await new FirehoseClient(config("two")).send(
      new PutRecordBatchCommand({ DeliveryStreamName: "s", Records: records(1) }),
    );
    const stranger = makeClients({
      endpoint: gateway.endpoint,
      region: "eu-west-1",
      credentials: { accessKeyId: "me", secretAccessKey: "me", sessionToken: "" },
    });
    await stranger.streams.send(new DescribeStreamCommand({ StreamArn: "arn" }));
    expect(gateway.meters().map(({ units }) => units)).to.deep.equal([
      { writeUnits: 2 },
      { writeUnits: 1 },
      { firehoseSteps: 1 },
      {},
    ]);
    const table = gateway
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
    const { s3 } = makeClients({
      endpoint: gateway.endpoint,
      region: "eu-west-1",
      credentials: config("f").credentials,
    });
    await s3.send(new PutObjectCommand({ Bucket: "b", Key: "a/b.gz", Body: "x" }));
    const { ContentLength } = await s3.send(new HeadObjectCommand({ Bucket: "b", Key: "a/b.gz" }));
    expect(ContentLength).to.equal(1234);
    expect(gateway.meters().map(({ operation }) => operation)).to.deep.equal(["PutObject", "HeadObject"]);
    expect(seen.map(({ path }) => path.split("?")[0])).to.deep.equal(["/b/a/b.gz", "/b/a/b.gz"]);
  });

  it("speaks with each emulator in its own addresses, and leaves item data alone", async () => {
    const { dynamodb, streams, sqs } = makeClients({
      endpoint: gateway.endpoint,
      region: "eu-west-1",
      credentials: config("f").credentials,
    });
    const tables = "arn:aws:dynamodb:ddblocal:000000000000:table";
    answer = ({ target }) => ({
      Table: { TableArn: `${tables}/t` },
      Item: { text: { S: `"${tables}/t" arn:aws:dynamodb:eu-west-1:` } },
      StreamDescription: { StreamArn: `${tables}/t/stream/1` },
      ...(target.startsWith("AmazonSQS") ? { QueueUrl: "http://sqs.eu-west-1.localhost:4566/000000000000/q" } : {}),
    });
    const described = await streams.send(
      new DescribeStreamCommand({ StreamArn: "arn:aws:dynamodb:eu-west-1:000000000000:table/t/stream/1" }),
    );
    expect(seen.at(-1)?.body).to.deep.equal({ StreamArn: `${tables}/t/stream/1` });
    expect(described.StreamDescription?.StreamArn).to.equal("arn:aws:dynamodb:eu-west-1:000000000000:table/t/stream/1");

    const Item = {
      id: { S: '"TableName":"arn:aws:dynamodb:eu-west-1:x"' },
      TableName: { S: "arn:aws:dynamodb:eu-west-1:x" },
    };
    await dynamodb.send(new PutItemCommand({ TableName: "arn:aws:dynamodb:eu-west-1:000000000000:table/t", Item }));
    expect(seen.at(-1)?.body).to.deep.equal({ TableName: `${tables}/t`, Item });
    const got = await dynamodb.send(new GetItemCommand({ TableName: "t", Key: { id: { S: "a" } } }));
    expect(got.Item).to.deep.equal({ text: { S: `"${tables}/t" arn:aws:dynamodb:eu-west-1:` } });

    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "q" }));
    expect(QueueUrl).to.equal(`${gateway.endpoint}/000000000000/q`);
    answer = () => ({ Successful: [], Failed: [] });
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [] }));
    expect(seen.at(-1)?.body.QueueUrl).to.equal("http://sqs.eu-west-1.localhost/000000000000/q");
  });

  it("mends the empty maps that DynamoDB Local leaves out of stream records, and nothing else", async () => {
    const { streams } = makeClients({
      endpoint: gateway.endpoint,
      region: "eu-west-1",
      credentials: config("f").credentials,
    });
    const nested = { L: [{}, { L: [] }, { S: "{}" }, { M: { a: {}, b: { NULL: true } } }] };
    answer = () => ({
      NextShardIterator: "next",
      Records: [
        { awsRegion: "ddblocal", dynamodb: { NewImage: { map: {}, nested }, SequenceNumber: "1" } },
        { awsRegion: "ddblocal", dynamodb: { OldImage: { id: { S: "{}" } }, SequenceNumber: "2" } },
      ],
    });
    const { Records } = await streams.send(new GetRecordsCommand({ ShardIterator: "i" }));
    expect(Records).to.deep.equal([
      {
        awsRegion: "eu-west-1",
        dynamodb: {
          NewImage: {
            map: { M: {} },
            nested: { L: [{ M: {} }, { L: [] }, { S: "{}" }, { M: { a: { M: {} }, b: { NULL: true } } }] },
          },
          SequenceNumber: "1",
        },
      },
      { awsRegion: "eu-west-1", dynamodb: { OldImage: { id: { S: "{}" } }, SequenceNumber: "2" } },
    ]);
  });

  it("gives stream records event ids like AWS's, and leaves everything that looks like one as it is", async () => {
    const { streams } = makeClients({
      endpoint: gateway.endpoint,
      region: "eu-west-1",
      credentials: config("f").credentials,
    });
    const uuid = "89048e45-3733-4105-a54b-a499f631d457";
    const image = { eventID: { S: uuid }, text: { S: `"eventID":"${uuid}" é` } };
    answer = () => ({ Records: [{ eventID: uuid, dynamodb: { NewImage: image } }, { eventID: "other" }] });
    const { Records } = await streams.send(new GetRecordsCommand({ ShardIterator: "i" }));
    expect(Records).to.deep.equal([
      { eventID: "89048e4537334105a54ba499f631d457", dynamodb: { NewImage: image } },
      { eventID: "other" },
    ]);
  });

  it("answers as AWS does when it cannot serve a call", async () => {
    const unsigned = await fetch(gateway.endpoint, { method: "POST", headers: { "x-amz-target": "X.Y" } });
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

  describe("faults", () => {
    it("refuse a call in the service's own words, without letting it take effect", async () => {
      hook = seededFaults(1, [
        { service: "dynamodb", operation: "PutItem", fault: "throttle" },
        { service: "sqs", fault: { status: 400, code: "AWS.SimpleQueueService.NonExistentQueue", message: "gone" } },
        { service: "firehose", fault: "throttle" },
      ]);
      const put = new PutItemCommand({ TableName: "t", Item: { id: { S: "a" } } });
      const failures = await Promise.all([
        new DynamoDBClient(config("f")).send(put).catch((error) => error),
        new SQSClient(config("f")).send(new GetQueueUrlCommand({ QueueName: "q" })).catch((error) => error),
        new FirehoseClient(config("f"))
          .send(new PutRecordBatchCommand({ DeliveryStreamName: "s", Records: [] }))
          .catch((error) => error),
      ]);
      expect(failures.map(({ name }) => name)).to.deep.equal([
        "ProvisionedThroughputExceededException",
        "QueueDoesNotExist",
        "ServiceUnavailableException",
      ]);
      expect(seen).to.deep.equal([]);
      expect(gateway.meters().map(({ errors, faults }) => [errors, faults])).to.deep.equal([
        [1, 1],
        [1, 1],
        [1, 1],
      ]);
    });

    it("spare everybody but functions, and all but the function that the rule names", async () => {
      hook = seededFaults(1, [{ function: "unlucky", fault: "throttle" }]);
      const put = new PutItemCommand({ TableName: "t", Item: { id: { S: "a" } } });
      const mapping = gateway.issue({ kind: "mapping", name: "unlucky" });
      await new DynamoDBClient(config("lucky")).send(put);
      await new DynamoDBClient({ ...config("x"), credentials: mapping }).send(put);
      expect(await new DynamoDBClient(config("unlucky")).send(put).catch(({ name }) => name)).to.equal(
        "ProvisionedThroughputExceededException",
      );
      expect(seen).to.have.length(2);
    });

    it("are the same for the same seed, and as frequent as asked for", () => {
      const call = {
        principal: { kind: "function", name: "f" },
        service: "sqs",
        region: "",
        operation: "",
        path: "/",
        body: Buffer.alloc(0),
      } as const;
      const draw = (seed: number) => {
        const faults = seededFaults(seed, [{ probability: 0.2, fault: "throttle" }]);
        return Array.from({ length: 2000 }, () => faults(call) !== undefined);
      };
      expect(draw(7)).to.deep.equal(draw(7));
      expect(draw(7)).not.to.deep.equal(draw(8));
      expect(draw(7).filter(Boolean)).to.have.length.within(340, 460);
    });

    const odd: FaultHook = () => ({ kind: "entries", fails: (index) => index % 2 === 1 });

    it("fail some messages of a batch, and send the others", async () => {
      hook = odd;
      answer = ({ body }) => ({
        Successful: (body.Entries as { Id: string }[]).map(({ Id }) => ({
          Id,
          MessageId: Id,
          MD5OfMessageBody: "0cc175b9c0f1b6a831c399e269772661",
        })),
        Failed: [],
      });
      const Entries = ["a", "b", "c"].map((Id) => ({ Id, MessageBody: "a" }));
      const sent = await new SQSClient(config("f")).send(
        new SendMessageBatchCommand({ QueueUrl: `${gateway.endpoint}/000000000000/q`, Entries }),
      );
      expect(sent.Successful?.map(({ Id }) => Id)).to.deep.equal(["a", "c"]);
      expect(sent.Failed?.map(({ Id, SenderFault }) => [Id, SenderFault])).to.deep.equal([["b", false]]);
    });

    it("fail some records of a Firehose batch in their places", async () => {
      hook = odd;
      answer = ({ body }) => ({
        FailedPutCount: 0,
        Encrypted: false,
        RequestResponses: (body.Records as { Data: string }[]).map(({ Data }) => ({ RecordId: Data })),
      });
      const put = await new FirehoseClient(config("f")).send(
        new PutRecordBatchCommand({ DeliveryStreamName: "s", Records: records(4) }),
      );
      expect(put.FailedPutCount).to.equal(2);
      expect(put.RequestResponses?.map(({ RecordId, ErrorCode }) => RecordId ?? ErrorCode)).to.deep.equal([
        Buffer.from("0").toString("base64"),
        "ServiceUnavailableException",
        Buffer.from("2").toString("base64"),
        "ServiceUnavailableException",
      ]);
    });

    it("leave some writes of a batch unprocessed, besides those that the service leaves", async () => {
      hook = odd;
      const write = (id: string) => ({ PutRequest: { Item: { id: { S: id } } } });
      answer = ({ body }) => {
        expect(body.RequestItems).to.deep.equal({ t: [write("a"), write("c")] });
        return { UnprocessedItems: { t: [write("c")] } };
      };
      const RequestItems = { t: ["a", "b", "c"].map(write), u: [write("d")] };
      const done = await new DynamoDBClient(config("f")).send(new BatchWriteItemCommand({ RequestItems }));
      expect(done.UnprocessedItems).to.deep.equal({ t: [write("c"), write("b")], u: [write("d")] });
    });

    it("can fail all entries of a batch, and none, and do nothing to other calls", async () => {
      hook = () => ({ kind: "entries", fails: () => true });
      const batch = new PutRecordBatchCommand({ DeliveryStreamName: "s", Records: records(3) });
      const { FailedPutCount } = await new FirehoseClient(config("f")).send(batch);
      expect([FailedPutCount, seen.length]).to.deep.equal([3, 0]);
      const write = { PutRequest: { Item: { id: { S: "a" } } } };
      const writes = new BatchWriteItemCommand({ RequestItems: { t: [write] } });
      const refused = await new DynamoDBClient(config("f")).send(writes).catch(({ name }) => name);
      expect([refused, seen.length]).to.deep.equal(["ProvisionedThroughputExceededException", 0]);
      await new DynamoDBClient(config("f")).send(new PutItemCommand({ TableName: "t", Item: { id: { S: "a" } } }));
      expect(seen).to.have.length(1);
      expect(gateway.meters().map(({ operation, faults }) => [operation, faults])).to.deep.equal([
        ["PutRecordBatch", 1],
        ["BatchWriteItem", 1],
        ["PutItem", 0],
      ]);
    });

    it("that cannot be decided are the gateway's failure, and said to be", async () => {
      hook = () => {
        throw new Error("no idea");
      };
      const put = new PutItemCommand({ TableName: "t", Item: { id: { S: "a" } } });
      const error = await new DynamoDBClient(config("f")).send(put).catch((failure) => failure);
      expect([error.name, error.message]).to.deep.equal(["InternalFailure", "The gateway failed: no idea"]);
    });
  });

  it("lets nobody call DynamoDB while somebody wants to be alone with it", async () => {
    const order: string[] = [];
    const put = new PutItemCommand({ TableName: "t", Item: { id: { S: "a" } } });
    const client = new DynamoDBClient(config("f"));
    let release = () => {};
    const arrived = new Promise<void>((resolve) => {
      answer = () => {
        resolve();
        order.push("served");
        return {};
      };
    });
    const first = client.send(put);
    await arrived;
    const alone = gateway.aloneWithDynamoDb(async () => {
      order.push("alone");
      await new Promise<void>((resolve) => (release = resolve));
      order.push("done");
    });
    await first;
    const second = client.send(put);
    await new SQSClient(config("f")).send(new GetQueueUrlCommand({ QueueName: "q" }));
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
    hook = ({ operation }) =>
      operation === "GetItem" ? { kind: "error", error: { status: 42, code: "Odd", message: "" } } : undefined;
    const client = new DynamoDBClient(config("f"));
    const get = new GetItemCommand({ TableName: "t", Key: { id: { S: "a" } } });
    expect((await client.send(get).catch((error) => error)).code).to.equal("ECONNRESET");
    await client.send(new PutItemCommand({ TableName: "t", Item: { id: { S: "a" } } }));
  });

  it("lets batches and transactions name tables by their ARNs", async () => {
    const { endpoint } = await sharedDynamoDb();
    const front = await Gateway.start({ services: { dynamodb: async () => endpoint } });
    const credentials = front.issue({ kind: "function", name: "f" });
    const { dynamodb } = makeClients({ endpoint: front.endpoint, region: "eu-west-1", credentials });
    const TableName = `batches-${Date.now()}`;
    const key = (id: string) => ({ id: { S: id } });
    try {
      const { TableDescription } = await dynamodb.send(
        new CreateTableCommand({
          TableName,
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
          BillingMode: "PAY_PER_REQUEST",
        }),
      );
      const table = TableDescription?.TableArn ?? "";
      expect(table).to.match(/^arn:aws:dynamodb:eu-west-1:/);
      const item = (id: string) => ({ ...key(id), note: { S: `"${table}": [` }, [table]: { L: [] } });
      const written = await dynamodb.send(
        new BatchWriteItemCommand({
          RequestItems: { [table]: [{ PutRequest: { Item: item("a") } }] },
          ReturnConsumedCapacity: "TOTAL",
          ReturnItemCollectionMetrics: "SIZE",
        }),
      );
      expect(written.UnprocessedItems).to.deep.equal({});
      expect(JSON.stringify(written)).not.to.contain("ddblocal");
      await dynamodb.send(
        new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName: table, Item: item("b") } }] }),
      );
      const { Responses = {} } = await dynamodb.send(
        new BatchGetItemCommand({ RequestItems: { [table]: { Keys: [key("a"), key("b")] } } }),
      );
      expect(Object.keys(Responses)).to.deep.equal([table]);
      expect(Responses[table]).to.have.deep.members([item("a"), item("b")]);
      const got = await dynamodb.send(
        new TransactGetItemsCommand({
          TransactItems: [{ Get: { TableName: table, Key: key("a") } }],
          ReturnConsumedCapacity: "TOTAL",
        }),
      );
      expect(got.Responses).to.deep.equal([{ Item: item("a") }]);
      expect(JSON.stringify(got)).not.to.contain("ddblocal");
    } finally {
      await dynamodb.send(new DeleteTableCommand({ TableName }));
      await front.stop();
    }
  });
});
