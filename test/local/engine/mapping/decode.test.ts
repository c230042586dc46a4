import { expect } from "chai";
import { agesFrom, decoder } from "../../../../local/engine/mapping/decode.ts";
import { toEventRecord } from "../../../../operate/stream/event-record.ts";

type Decoder = Parameters<typeof decoder>[0];

describe("agesFrom", () => {
  const minute = 1_700_000_040_000; // a whole one
  const table: [string, number, number, number][] = [
    ["a time with seconds, as it is", minute + 5000, minute + 90_000, minute + 5000],
    ["a whole minute, read within it: when it was read", minute, minute + 20_000, minute + 20_000],
    ["a whole minute, read later: its last millisecond", minute, minute + 90_000, minute + 59_999],
    ["a whole minute that this machine's clock has not reached", minute, minute - 10, minute],
  ];
  for (const [name, createdAt, readAt, expected] of table) {
    it(name, () => expect(agesFrom(createdAt, readAt)).to.equal(expected));
  }
});

describe("a record of the stream that does not say when it was made", () => {
  it("counts from when it was read", () => {
    const readAt = 1_700_000_045_678;
    const stats = { polled: 0, filteredOut: 0 };
    const filter: Decoder["filter"] = (source) => toEventRecord(source, { eventSourceArn: "arn", region: "eu-west-1" });
    const decode = decoder({ filter, clock: { now: () => readAt }, stats } as unknown as Decoder);
    const decoded = decode({ eventName: "REMOVE", dynamodb: { Keys: { id: { S: "a" } }, SequenceNumber: "1000" } });
    expect(decoded).to.deep.include({ sequenceNumber: "1000", createdAt: readAt, agesFrom: readAt, readAt });
    expect(decoded).to.not.have.nested.property("record.dynamodb.ApproximateCreationDateTime");
    expect(stats).to.deep.equal({ polled: 1, filteredOut: 0 });
  });
});
