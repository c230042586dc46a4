import type { _Record as ApiRecord, DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { expect } from "chai";
import { decode } from "../../../handlers/core/decode.ts";
import { streamChanges } from "../../../operate/compare/stream.ts";
import { toEventRecord } from "../../../operate/stream/event-record.ts";

const origin = { eventSourceArn: "arn:aws:dynamodb:us-east-1:1:table/t/stream/s", region: "us-east-1" };

/** A stream of one shard with these records. */
function streamOf(Records: readonly ApiRecord[]): DynamoDBStreamsClient {
  const answers: Record<string, (input: { ShardIterator?: string }) => object> = {
    DescribeStreamCommand: () => ({ StreamDescription: { Shards: [{ ShardId: "shard-1" }] } }),
    GetShardIteratorCommand: () => ({ ShardIterator: "begin" }),
    GetRecordsCommand: ({ ShardIterator }) =>
      ShardIterator === "begin" ? { Records, NextShardIterator: "end" } : { Records: [], NextShardIterator: "end" },
  };
  const send = async (command: { constructor: { name: string }; input: object }) =>
    answers[command.constructor.name]!(command.input);
  return { send } as unknown as DynamoDBStreamsClient;
}

describe("changes as the stream shows them", () => {
  it("are the ones that functions decode, where their records say no more than they must", async () => {
    const id = { S: "a" };
    const Records: ApiRecord[] = [
      { eventName: "INSERT", dynamodb: { Keys: { id }, NewImage: { id, n: { N: "1" } }, SequenceNumber: "1000" } },
      { eventName: "REMOVE", dynamodb: { Keys: { id }, SequenceNumber: "1001" } },
    ];
    const changes = await streamChanges(streamOf(Records), origin.eventSourceArn);
    const decoded = Records.map((record) =>
      decode(JSON.parse(JSON.stringify(toEventRecord(record, origin))), "Records[0]"),
    );
    expect(changes.map(({ shardId: _, record, ...facts }) => facts)).to.deep.equal(
      decoded.map(({ keys: _, bytes, expired, redriven, ...facts }) => facts),
    );
    expect(changes.map(({ record }) => record)).to.deep.equal(Records);
  });
});
