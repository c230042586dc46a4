import { DescribeDeliveryStreamCommand, ListDeliveryStreamsCommand, PutRecordCommand } from "@aws-sdk/client-firehose";
import { expect } from "chai";
import { UserError } from "../../../../terminal/user-error.ts";
import { protocolSuite, refusal } from "./support/protocol-suite.ts";
import { streamInputs } from "./support/stream-inputs.ts";

describe("Firehose's protocol", () => {
  const suite = protocolSuite();
  const { asked, put } = suite;

  it("takes records and counts them as they are billed", async () => {
    const before = suite.firehose.stats("main");
    const answer = await put("main", ["", "a", Buffer.alloc(5120), Buffer.alloc(5121)]);
    expect(answer).to.include({ FailedPutCount: 0, Encrypted: false });
    expect(answer.RequestResponses).to.have.length(4);
    expect(new Set(answer.RequestResponses?.map(({ RecordId }) => RecordId)).size).to.equal(4);
    expect(answer.RequestResponses?.every(({ RecordId, ErrorCode }) => RecordId && !ErrorCode)).to.equal(true);
    const stats = suite.firehose.stats("main");
    expect([
      stats.calls - before.calls,
      stats.records - before.records,
      stats.bytes - before.bytes,
      stats.billedUnits - before.billedUnits,
    ]).to.deep.equal([1, 4, 10_242, 4]);
  });

  it("says which records failed", async () => {
    asked.length = 0;
    const before = suite.firehose.stats("main");
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
    const stats = suite.firehose.stats("main");
    expect([stats.failedEntries - before.failedEntries, stats.records - before.records]).to.deep.equal([2, 3]);
  });

  it("takes single records", async () => {
    const record = (stream: string, text: string) =>
      suite.client.send(new PutRecordCommand({ DeliveryStreamName: stream, Record: { Data: Buffer.from(text) } }));
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
    const { DeliveryStreamDescription: shown } = await suite.client.send(
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

  it("refuses what it does not know", async () => {
    expect(await refusal(put("other", ["x"]))).to.deep.equal({
      name: "ResourceNotFoundException",
      message: "Firehose other under account 000000000000 not found.",
      status: 400,
    });
    expect(await refusal(suite.client.send(new ListDeliveryStreamsCommand({})))).to.include({
      name: "UnknownOperationException",
      status: 400,
    });
    expect((await refusal(put("a b", ["x"]))).message).to.include(
      "at 'deliveryStreamName' failed to satisfy constraint",
    );
    expect(() => suite.firehose.createDeliveryStream(streamInputs("main"))).to.throw(UserError, "already exists");
  });

  it("refuses what no SDK would send", async () => {
    const send = async (target: string, body: string) => {
      const response = await fetch(suite.endpoint, { method: "POST", headers: { "x-amz-target": target }, body });
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
