import { BatchWriteItemCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import type { FaultHook } from "../../../../local/engine/gateway/fault.ts";
import type { Principal } from "../../../../local/engine/gateway/service-call.ts";
import { GatewayFixture } from "./fixture.ts";

type Json = Record<string, unknown>;

const one: Principal = { kind: "function", name: "one-1a2b3c4", logicalName: "one" };

describe("faults of entries in a bulk call", () => {
  const fake = new GatewayFixture();
  const records = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ Data: Buffer.from(String(index)) }));
  const odd: FaultHook = () => ({ kind: "entries", fails: (index) => index % 2 === 1 });
  const failing = (which: number, count: number) => (): ReturnType<FaultHook> => ({
    ...{ kind: "entries", effect: true, fails: (index) => index % count === which },
  });

  it("fail some messages of a batch, and send the others", async () => {
    fake.faults = odd;
    fake.answer = ({ body }) => ({
      Successful: (body.Entries as { Id: string }[]).map(({ Id }) => ({
        Id,
        MessageId: Id,
        MD5OfMessageBody: "0cc175b9c0f1b6a831c399e269772661",
      })),
      Failed: [],
    });
    const Entries = ["a", "b", "c"].map((Id) => ({ Id, MessageBody: "a" }));
    const sent = await new SQSClient(fake.config("f")).send(
      new SendMessageBatchCommand({ QueueUrl: `${fake.gateway.endpoint}/000000000000/q`, Entries }),
    );
    expect(sent.Successful?.map(({ Id }) => Id)).to.deep.equal(["a", "c"]);
    expect(sent.Failed?.map(({ Id, SenderFault }) => [Id, SenderFault])).to.deep.equal([["b", false]]);
  });

  it("fail some records of a Firehose batch in their places", async () => {
    fake.faults = odd;
    fake.answer = ({ body }) => ({
      FailedPutCount: 0,
      Encrypted: false,
      RequestResponses: (body.Records as { Data: string }[]).map(({ Data }) => ({ RecordId: Data })),
    });
    const put = await new FirehoseClient(fake.config("f")).send(
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
    fake.faults = odd;
    const write = (id: string) => ({ PutRequest: { Item: { id: { S: id } } } });
    fake.answer = ({ body }) => {
      expect(body.RequestItems).to.deep.equal({ t: [write("a"), write("c")] });
      return { UnprocessedItems: { t: [write("c")] } };
    };
    const RequestItems = { t: ["a", "b", "c"].map(write), u: [write("d")] };
    const done = await new DynamoDBClient(fake.config("f")).send(new BatchWriteItemCommand({ RequestItems }));
    expect(done.UnprocessedItems).to.deep.equal({ t: [write("c"), write("b")], u: [write("d")] });
  });

  it("can fail all entries of a batch, and none, and do nothing to other calls", async () => {
    fake.faults = () => ({ kind: "entries", fails: () => true });
    const batch = new PutRecordBatchCommand({ DeliveryStreamName: "s", Records: records(3) });
    const { FailedPutCount } = await new FirehoseClient(fake.config("f")).send(batch);
    expect([FailedPutCount, fake.seen.length]).to.deep.equal([3, 0]);
    const write = { PutRequest: { Item: { id: { S: "a" } } } };
    const writes = new BatchWriteItemCommand({ RequestItems: { t: [write] } });
    const refused = await new DynamoDBClient(fake.config("f")).send(writes).catch(({ name }) => name);
    expect([refused, fake.seen.length]).to.deep.equal(["ProvisionedThroughputExceededException", 0]);
    await new DynamoDBClient(fake.config("f")).send(new PutItemCommand({ TableName: "t", Item: { id: { S: "a" } } }));
    expect(fake.seen).to.have.length(1);
    expect(fake.gateway.meters().map(({ operation, faults }) => [operation, faults])).to.deep.equal([
      ["PutRecordBatch", 1],
      ["BatchWriteItem", 1],
      ["PutItem", 0],
    ]);
  });

  it("report messages of a batch as failed that were sent", async () => {
    fake.faults = failing(1, 2);
    fake.answer = ({ body: { Entries } }) => {
      const sent = (Entries as { Id: string }[]).map(({ Id }) => ({
        ...{ Id, MessageId: Id, MD5OfMessageBody: "0cc175b9c0f1b6a831c399e269772661" },
      }));
      return { Successful: sent.slice(0, 3), Failed: [{ Id: "d", Code: "Odd", SenderFault: true }] };
    };
    const Entries = ["a", "b", "c", "d"].map((Id) => ({ Id, MessageBody: "a" }));
    const sent = await new SQSClient(fake.config(one)).send(new SendMessageBatchCommand({ QueueUrl: "q", Entries }));
    expect(sent.Successful?.map(({ Id }) => Id)).to.deep.equal(["a", "c"]);
    expect(sent.Failed?.map(({ Id, Code }) => [Id, Code])).to.deep.equal([
      ["b", "InternalError"],
      ["d", "InternalError"],
    ]);
    expect(fake.seen).to.have.length(1);
    expect(fake.seen[0]?.body.Entries).to.have.length(4);
  });

  it("report records of a Firehose batch as failed that it took", async () => {
    fake.faults = failing(0, 3);
    fake.answer = ({ body: { Records } }) => ({
      FailedPutCount: 1,
      Encrypted: false,
      RequestResponses: (Records as Json[]).map((_, index) =>
        index === 2 ? { ErrorCode: "Odd", ErrorMessage: "no" } : { RecordId: `r${index}` },
      ),
    });
    const Records = Array.from({ length: 4 }, (_, index) => ({ Data: Buffer.from(String(index)) }));
    const batch = new PutRecordBatchCommand({ DeliveryStreamName: "s", Records });
    const { FailedPutCount, RequestResponses } = await new FirehoseClient(fake.config(one)).send(batch);
    expect(RequestResponses?.map(({ RecordId, ErrorCode }) => RecordId ?? ErrorCode)).to.deep.equal([
      "ServiceUnavailableException",
      "r1",
      "Odd",
      "ServiceUnavailableException",
    ]);
    expect(FailedPutCount).to.equal(3);
    expect(fake.seen[0]?.body.Records).to.have.length(4);
  });

  it("report writes of a batch as unprocessed that were made, also if all of them were", async () => {
    fake.faults = failing(1, 2);
    const write = (id: string) => ({ PutRequest: { Item: { id: { S: id } } } });
    const RequestItems = { t: ["a", "b", "c", "d"].map(write) };
    fake.answer = () => ({ UnprocessedItems: { t: [write("c"), write("d")] } });
    const client = new DynamoDBClient(fake.config(one));
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems }));
    expect(UnprocessedItems).to.deep.equal({ t: [write("c"), write("b"), write("d")] });
    expect(fake.seen.map(({ body }) => body)).to.deep.equal([{ RequestItems }]);
    fake.faults = failing(0, 1);
    const refused = await client.send(new BatchWriteItemCommand({ RequestItems })).catch(({ name }) => name);
    expect([refused, fake.seen.length]).to.deep.equal(["ProvisionedThroughputExceededException", 2]);
  });
});
