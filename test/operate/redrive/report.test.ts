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
const reportOf = (changed: Partial<ConsumerResult>, dryRun = false) =>
  report({ target: "stack prod", dryRun, consumers: [consumer(changed)] });

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
      { destination: "copy", reason: "DynamoDB: ValidationException: no", records: 2, first: "111" },
      { reason: "Error: out of memory", records: 1, first: "112" },
    ];
    expect(reportOf({ stillFailing, left: 2 })).to.contain(`
Still failing at warehouse, copy. Mend the destination, or the item at the source, and redrive again. The log of fanout-tables-function has each record.
  2 records, the first of them 111: copy: DynamoDB: ValidationException: no
  1 record, the first of them 112: Error: out of memory

What is left stays in the failure queues of stack prod.`);
  });

  it("names what is trimmed, and what to do", () => {
    const one = { messageId: "m-1", shardId: "shard-1", first: "1", last: "9", records: 4 };
    const arrived = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:02Z"] as const;
    const text = reportOf({ trimmed: [{ ...one, arrived }], left: 1 });
    expect(text).to.match(/\nTrimmed for warehouse, copy: the stream keeps records for 24 hours/);
    expect(text).to.contain("run this again with --discard and its id");
    expect(text).to.contain(
      "\n  m-1: 4 records, 1 to 9 of shard-1, made from 2026-01-01T00:00:00Z to 2026-01-01T00:00:02Z\n",
    );
    for (const line of text.split("\n")) expect(line.length).to.be.lessThan(140);
  });

  it("shows ten lines of a kind", () => {
    const notUnderstood = Array.from({ length: 13 }, (_, i) => ({ messageId: `m-${i}`, problem: "it is not JSON" }));
    const text = reportOf({ notUnderstood, left: 13 }, true);
    expect(text).to.contain("\n  m-9: it is not JSON\n  and 3 more, which --json shows\n");
    expect(text).to.not.contain("m-10");
    expect(text).to.match(/This was a dry run of stack prod: nothing was sent, and nothing deleted\.$/);
  });
});
