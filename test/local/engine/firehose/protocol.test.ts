import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  ListDeliveryStreamsCommand,
  PutRecordBatchCommand,
  PutRecordCommand,
} from "@aws-sdk/client-firehose";
import { expect } from "chai";
import type { RecordEvent } from "../../../../local/engine/firehose/faults.ts";
import { Firehose } from "../../../../local/engine/firehose/firehose.ts";
import type { Warehouse } from "../../../../local/engine/firehose/loader.ts";
import type { Storage } from "../../../../local/engine/firehose/staging.ts";
import { UserError } from "../../../../terminal/user-error.ts";
import { ManualClock } from "./manual-clock.ts";
import { streamInputs } from "./stream-inputs.ts";

const unused = new Proxy({}, { get: () => () => Promise.reject(new Error("nothing is delivered here")) });

describe("Firehose's protocol", () => {
  const asked: RecordEvent[] = [];
  let server: Server;
  let client: FirehoseClient;
  let firehose: Firehose;

  before(async () => {
    firehose = new Firehose({
      s3: () => unused as Storage,
      redshift: unused as Warehouse,
      secrets: () => Promise.reject(new Error("no secrets")),
      clock: new ManualClock(),
      faults: {
        record(event) {
          asked.push(event);
          const text = event.data.toString();
          if (text === "broken") throw new Error("the faults are faulty");
          if (text === "slow") return { errorCode: "ServiceUnavailableException" };
          if (text === "taken") return { errorCode: "InternalFailure", taken: true };
          return undefined;
        },
      },
    });
    firehose.createDeliveryStream(streamInputs("main"));
    firehose.createDeliveryStream({
      ...streamInputs("sealed", { dataTableColumns: "a" }),
      region: "eu-west-1",
      serverSideEncryption: { enabled: true, keyType: "AWS_OWNED_CMK" },
    });
    server = createServer((request, response) => void firehose.handle(request, response)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    client = new FirehoseClient({
      endpoint,
      region: "us-east-1",
      maxAttempts: 1,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
  });

  after(async () => {
    client.destroy();
    await firehose.stop();
    server.close();
    await once(server, "close");
  });

  const put = (DeliveryStreamName: string, records: readonly (string | Buffer)[]) =>
    client.send(
      new PutRecordBatchCommand({ DeliveryStreamName, Records: records.map((data) => ({ Data: Buffer.from(data) })) }),
    );

  async function refusal(
    work: Promise<unknown>,
  ): Promise<{ name: string; message: string; status: number | undefined }> {
    const error = await work.then(
      () => undefined,
      (reason) => reason as Error & { $metadata?: { httpStatusCode?: number } },
    );
    if (error === undefined) throw new Error("it was not refused");
    return { name: error.name, message: error.message, status: error.$metadata?.httpStatusCode };
  }

  it("takes records and counts them as they are billed", async () => {
    const before = firehose.stats("main");
    const answer = await put("main", ["", "a", Buffer.alloc(5120), Buffer.alloc(5121)]);
    expect(answer).to.include({ FailedPutCount: 0, Encrypted: false });
    expect(answer.RequestResponses).to.have.length(4);
    expect(new Set(answer.RequestResponses?.map(({ RecordId }) => RecordId)).size).to.equal(4);
    expect(answer.RequestResponses?.every(({ RecordId, ErrorCode }) => RecordId && !ErrorCode)).to.equal(true);
    const stats = firehose.stats("main");
    expect([
      stats.calls - before.calls,
      stats.records - before.records,
      stats.bytes - before.bytes,
      stats.billedUnits - before.billedUnits,
    ]).to.deep.equal([1, 4, 10_242, 4]);
  });

  it("says which records failed", async () => {
    asked.length = 0;
    const before = firehose.stats("main");
    const answer = await put("main", ["a", "slow", "b", "taken"]);
    expect(answer.FailedPutCount).to.equal(2);
    expect(
      answer.RequestResponses?.map(({ RecordId, ErrorCode, ErrorMessage }) => [
        typeof RecordId,
        ErrorCode,
        ErrorMessage,
      ]),
    ).to.deep.equal([
      ["string", undefined, undefined],
      ["undefined", "ServiceUnavailableException", "Slow down."],
      ["string", undefined, undefined],
      ["undefined", "InternalFailure", "Internal service failure."],
    ]);
    expect(asked.map(({ stream, index, data }) => `${stream} ${index} ${data}`)).to.deep.equal([
      "main 0 a",
      "main 1 slow",
      "main 2 b",
      "main 3 taken",
    ]);
    const stats = firehose.stats("main");
    expect([stats.failedEntries - before.failedEntries, stats.records - before.records]).to.deep.equal([2, 3]);
  });

  it("takes single records", async () => {
    const record = (stream: string, text: string) =>
      client.send(new PutRecordCommand({ DeliveryStreamName: stream, Record: { Data: Buffer.from(text) } }));
    expect(await record("sealed", "x")).to.include({ Encrypted: true });
    expect(await refusal(record("main", "slow"))).to.deep.equal({
      name: "ServiceUnavailableException",
      message: "Slow down.",
      status: 503,
    });
    expect(await refusal(record("main", "taken"))).to.include({ name: "InternalFailure", status: 500 });
  });

  it("answers with an internal failure when it fails itself", async () => {
    expect(await refusal(put("main", ["broken"]))).to.deep.equal({
      name: "InternalFailure",
      message: "the faults are faulty",
      status: 500,
    });
  });

  it("describes a stream", async () => {
    const { DeliveryStreamDescription: shown } = await client.send(
      new DescribeDeliveryStreamCommand({ DeliveryStreamName: "sealed" }),
    );
    expect(shown).to.include({
      DeliveryStreamName: "sealed",
      DeliveryStreamARN: "arn:aws:firehose:eu-west-1:000000000000:deliverystream/sealed",
      DeliveryStreamStatus: "ACTIVE",
      DeliveryStreamType: "DirectPut",
    });
    expect(shown?.CreateTimestamp?.toISOString()).to.equal("2026-01-02T03:04:05.000Z");
    expect(shown?.DeliveryStreamEncryptionConfiguration).to.include({ Status: "ENABLED", KeyType: "AWS_OWNED_CMK" });
    const redshift = shown?.Destinations?.[0]?.RedshiftDestinationDescription;
    expect(redshift?.CopyCommand).to.deep.equal({
      DataTableName: "s.changes",
      DataTableColumns: "a",
      CopyOptions: "FORMAT JSON 'auto' GZIP TIMEFORMAT 'auto'",
    });
    expect(redshift?.S3DestinationDescription).to.include({
      BucketARN: "arn:aws:s3:::staging",
      CompressionFormat: "GZIP",
    });
  });

  it("takes as much as the limits allow", async () => {
    const full = await put(
      "main",
      Array.from({ length: 500 }, () => "x"),
    );
    expect(full.RequestResponses).to.have.length(500);
    const big = [...Array.from({ length: 4 }, () => Buffer.alloc(1_024_000)), Buffer.alloc(4_194_304 - 4 * 1_024_000)];
    expect(await put("main", big)).to.include({ FailedPutCount: 0 });
  });

  for (const [what, records, name, message] of [
    [
      "no records",
      [],
      "ValidationException",
      "1 validation error detected: Value '[]' at 'records' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      "501 records",
      Array.from({ length: 501 }, () => "x"),
      "ValidationException",
      "1 validation error detected: Value '[501 records]' at 'records' failed to satisfy constraint: Member must have length less than or equal to 500",
    ],
    [
      "a record that is too large",
      ["x", Buffer.alloc(1_024_001)],
      "ValidationException",
      "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=1024001 cap=1024001]' at 'records.2.member.data' failed to satisfy constraint: Member must have length less than or equal to 1024000",
    ],
    [
      "a call that is too large",
      [...Array.from({ length: 4 }, () => Buffer.alloc(1_024_000)), Buffer.alloc(98_305)],
      "InvalidArgumentException",
      "Records size exceeds 4 MB limit",
    ],
  ] as const) {
    it(`refuses ${what}, all of it`, async () => {
      const before = firehose.stats("main");
      expect(await refusal(put("main", records))).to.deep.equal({ name, message, status: 400 });
      expect(firehose.stats("main")).to.deep.equal(before);
    });
  }

  it("refuses what it does not know", async () => {
    expect(await refusal(put("other", ["x"]))).to.deep.equal({
      name: "ResourceNotFoundException",
      message: "Firehose other under account 000000000000 not found.",
      status: 400,
    });
    expect(await refusal(client.send(new ListDeliveryStreamsCommand({})))).to.include({
      name: "UnknownOperationException",
      status: 400,
    });
    expect((await refusal(put("a b", ["x"]))).message).to.include(
      "at 'deliveryStreamName' failed to satisfy constraint",
    );
    expect(() => firehose.createDeliveryStream(streamInputs("main"))).to.throw(UserError, "already exists");
  });

  it("refuses what no SDK would send", async () => {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const send = async (target: string, body: string) => {
      const response = await fetch(endpoint, { method: "POST", headers: { "x-amz-target": target }, body });
      return [response.status, ((await response.json()) as { __type: string }).__type];
    };
    const batch = "Firehose_20150804.PutRecordBatch";
    const records = (...all: unknown[]) => JSON.stringify({ DeliveryStreamName: "main", Records: all });
    expect(await send(batch, "{")).to.deep.equal([400, "SerializationException"]);
    expect(await send(batch, "[]")).to.deep.equal([400, "SerializationException"]);
    expect(await send(batch, "{}")).to.deep.equal([400, "ValidationException"]);
    expect(await send(batch, `{"DeliveryStreamName":"main"}`)).to.deep.equal([400, "ValidationException"]);
    expect(await send(batch, `{"DeliveryStreamName":"main","Records":{}}`)).to.deep.equal([
      400,
      "SerializationException",
    ]);
    expect(await send(batch, records(null))).to.deep.equal([400, "ValidationException"]);
    expect(await send(batch, records({}))).to.deep.equal([400, "ValidationException"]);
    expect(await send(batch, records({ Data: "!" }))).to.deep.equal([400, "SerializationException"]);
    expect(await send("Firehose_20150804.constructor", "{}")).to.deep.equal([400, "UnknownOperationException"]);
    expect(await send("DynamoDB_20120810.PutRecordBatch", "{}")).to.deep.equal([400, "UnknownOperationException"]);
  });
});
