import { expect } from "chai";
import { protocolSuite, refusal } from "./support/protocol-suite.ts";

describe("a call's records", () => {
  const suite = protocolSuite();
  const { put } = suite;

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
      const before = suite.firehose.stats("main");
      expect(await refusal(put("main", records))).to.deep.equal({ name, message, status: 400 });
      expect(suite.firehose.stats("main")).to.deep.equal(before);
    });
  }
});
