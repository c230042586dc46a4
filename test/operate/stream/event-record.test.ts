import type { _Record as ApiRecord } from "@aws-sdk/client-dynamodb-streams";
import type { DynamoDBRecord } from "aws-lambda";
import { expect } from "chai";
import { compileFilter, toEventRecord } from "../../../operate/stream/event-record.ts";

const origin = { eventSourceArn: "arn:aws:dynamodb:eu-west-1:1:table/t/stream/s", region: "eu-west-1" };
const bytes = (...values: number[]) => new Uint8Array(values);

const source: ApiRecord = {
  eventID: "ab0ed3713569f4655f353e5ef61a88c4",
  eventName: "MODIFY",
  eventVersion: "1.1",
  eventSource: "aws:dynamodb",
  awsRegion: "ddblocal",
  dynamodb: {
    ApproximateCreationDateTime: new Date(1_700_000_000_999),
    Keys: { id: { B: bytes(0) } },
    OldImage: { id: { B: bytes(0) } },
    NewImage: {
      id: { B: bytes(0) },
      set: { BS: [bytes(1), bytes(2, 3)] },
      list: { L: [{ B: bytes(255) }, { L: [{ B: bytes(4) }] }, { NULL: true }] },
      map: { M: { deep: { M: { b: { B: bytes() } } }, flag: { BOOL: false } } },
      text: { S: "" },
      number: { N: "12345678901234567890123456789012345678" },
      numbers: { NS: ["1", "2.5"] },
      texts: { SS: ["a"] },
      slice: { B: bytes(9, 8, 7).subarray(1, 2) },
    },
    SequenceNumber: "000000000000000000042",
    SizeBytes: 70,
    StreamViewType: "NEW_AND_OLD_IMAGES",
  },
};

describe("toEventRecord", () => {
  it("recorded: the event's fields, in the event's order", () => {
    const record = toEventRecord(source, origin);
    expect(JSON.parse(JSON.stringify(record))).to.deep.equal({
      eventID: "ab0ed3713569f4655f353e5ef61a88c4",
      eventName: "MODIFY",
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: "eu-west-1",
      dynamodb: {
        ApproximateCreationDateTime: 1_700_000_000,
        Keys: { id: { B: "AA==" } },
        NewImage: {
          id: { B: "AA==" },
          set: { BS: ["AQ==", "AgM="] },
          list: { L: [{ B: "/w==" }, { L: [{ B: "BA==" }] }, { NULL: true }] },
          map: { M: { deep: { M: { b: { B: "" } } }, flag: { BOOL: false } } },
          text: { S: "" },
          number: { N: "12345678901234567890123456789012345678" },
          numbers: { NS: ["1", "2.5"] },
          texts: { SS: ["a"] },
          slice: { B: "CA==" },
        },
        OldImage: { id: { B: "AA==" } },
        SequenceNumber: "000000000000000000042",
        SizeBytes: 70,
        StreamViewType: "NEW_AND_OLD_IMAGES",
      },
      eventSourceARN: "arn:aws:dynamodb:eu-west-1:1:table/t/stream/s",
    });
    expect(Object.keys(record)).to.deep.equal([
      "eventID",
      "eventName",
      "eventVersion",
      "eventSource",
      "awsRegion",
      "dynamodb",
      "eventSourceARN",
    ]);
  });

  it("leaves out the images that the stream's view type leaves out", () => {
    const { OldImage: _old, NewImage: _new, ...dynamodb } = source.dynamodb!;
    const record = toEventRecord({ ...source, dynamodb: { ...dynamodb, StreamViewType: "KEYS_ONLY" } }, origin);
    expect(record.dynamodb).to.not.have.any.keys("OldImage", "NewImage");
  });

  it("spells userIdentity as events do", () => {
    const userIdentity = { Type: "Service", PrincipalId: "dynamodb.amazonaws.com" };
    const expected = { type: "Service", principalId: "dynamodb.amazonaws.com" };
    expect(toEventRecord({ ...source, userIdentity }, origin).userIdentity).to.deep.equal(expected);
  });
});

describe("compileFilter", () => {
  it("passes what matches one of the patterns", () => {
    const passes = compileFilter(['{"eventName":["INSERT"]}', '{"eventName":["REMOVE"]}']);
    expect(["INSERT", "MODIFY", "REMOVE"].filter((eventName) => passes({ eventName } as DynamoDBRecord))).to.deep.equal(
      ["INSERT", "REMOVE"],
    );
  });

  it("passes everything without patterns", () => expect(compileFilter([])({})).to.equal(true));
});
