import { expect } from "chai";
import { report } from "../../../operate/redrive/report.ts";
import type { ConsumerResult } from "../../../operate/redrive/result.ts";

const consumer = (changed: Partial<ConsumerResult> = {}): ConsumerResult => ({
  destinations: ["warehouse", "copy"],
  function: "fanout-tables-function",
  failureQueue: "https://sqs/failures",
  messages: 3,
  redriven: 40,
  filteredOut: 1,
  stillFailing: [],
  trimmed: [],
  notUnderstood: [],
  discarded: 0,
  left: 0,
  ...changed,
});
const reportOf = (changed: Partial<ConsumerResult>, dryRun = false, width = Number.POSITIVE_INFINITY) =>
  report({ target: "stack prod", dryRun, consumers: [consumer(changed)] }, width);

describe("the redrive's report", () => {
  it("is a table, and says that nothing is left", () => {
    expect(reportOf({})).to.equal(`destination      messages  redriven  still failing  trimmed  not understood  left
---------------  --------  --------  -------------  -------  --------------  ----
warehouse, copy         3        40              0        0               0     0

Redriven and still failing count records, the rest messages.

Nothing is left in the failure queues of stack prod.`);
  });

  it("gives the reasons of what still fails", () => {
    const stillFailing = [
      {
        destination: "copy",
        reason: "DynamoDB: ValidationException: no",
        records: 2,
        first: "111",
        messages: ["m-1", "m-2"],
      },
      { reason: "Error: out of memory", records: 1, first: "112", messages: ["m-3"] },
    ];
    const text = reportOf({ stillFailing, left: 3 });
    expect(text).to.contain(`
  2 records, the first of them 111, in messages m-1, m-2: copy: DynamoDB: ValidationException: no
  1 record, the first of them 112, in message m-3: Error: out of memory

What is left stays in the failure queues of stack prod.`);
    expect(text).to.contain("\nStill failing at warehouse, copy; the log of fanout-tables-function has each record.");
  });

  it("shows ten of the messages that records are in", () => {
    const messages = Array.from({ length: 12 }, (_, i) => `m-${i}`);
    const text = reportOf({ stillFailing: [{ reason: "no", records: 12, first: "1", messages }], left: 12 });
    expect(text.replace(/\s+/g, " ")).to.contain("m-8, m-9 and 2 more, which --json shows: no");
  });

  it("has a column for what is discarded, and says what is in no queue", () => {
    const result = { target: "stack prod", dryRun: false, discard: { notFound: ["m-8", "m-9"] } };
    const text = report({ ...result, consumers: [consumer({ redriven: 0, discarded: 2, left: 1 })] }, 80);
    expect(text).to.equal(`destination      messages  discarded  left
---------------  --------  ---------  ----
warehouse, copy         3          2     1

In no failure queue that was looked through: m-8, m-9.
What is left stays in the failure queues of stack prod.`);
  });

  for (const width of [50, 80, 120])
    it(`fits ${width} columns, but for words that are to be copied`, () => {
      const id = "0b6e6e8e-5f0a-4c5e-9d63-0d5a6b1f4c11";
      const one = { messageId: id, shardId: "shardId-1", first: "1".repeat(21), last: "9".repeat(21), records: 4 };
      const text = reportOf(
        {
          destinations: ["a-destination-with-a-very-long-name-of-its-own", "another-destination-with-such-a-name"],
          stillFailing: [{ reason: "no such table", records: 12, first: one.first, messages: [id, id, id] }],
          trimmed: [{ ...one, arrived: ["2026-01-01T00:00:00Z", "2026-01-01T00:00:02Z"] }],
          notUnderstood: [
            { messageId: id, problem: "it is no failure of a DynamoDB stream's mapping: payload: Invalid" },
          ],
        },
        false,
        width,
      );
      for (const line of text.split("\n")) expect(line.length, line).to.be.at.most(width);
    });

  it("names what is trimmed, and what to do", () => {
    const one = { messageId: "m-1", shardId: "shard-1", first: "1", last: "9", records: 4 };
    const arrived = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:02Z"] as const;
    const text = reportOf({ trimmed: [{ ...one, arrived }], left: 1 });
    expect(text).to.match(/\nTrimmed for warehouse, copy: the stream keeps records for 24 hours/);
    expect(text.replace(/\s+/g, " ")).to.contain(
      "run this with --discard and their ids, which leaves all others alone.",
    );
    expect(text).to.contain(
      "\n  m-1: 4 records, 1 to 9 of shard-1, made from 2026-01-01T00:00:00Z to 2026-01-01T00:00:02Z\n",
    );
  });

  it("shows ten lines of a kind", () => {
    const notUnderstood = Array.from({ length: 13 }, (_, i) => ({ messageId: `m-${i}`, problem: "it is not JSON" }));
    const text = reportOf({ notUnderstood, left: 13 }, true);
    expect(text).to.contain("\n  m-9: it is not JSON\n  and 3 more, which --json shows\n");
    expect(text).to.not.contain("m-10");
    expect(text).to.match(/This was a dry run of stack prod: nothing was sent, and nothing deleted\.$/);
  });
});
