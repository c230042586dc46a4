import { expect } from "chai";
import { fresh, next, refused, type Step } from "../../../../local/engine/mapping/next.ts";
import type { Outcome } from "../../../../local/engine/mapping/outcome.ts";

const failure: Outcome = { kind: "failure" };
const reported = (from: number): Outcome => ({ kind: "partial", from });
const part = (records: number[], attempts = 0) => ({ records, attempts, refusals: 0 });

describe("next", () => {
  const table: [string, ReturnType<typeof part>, Outcome, { bisect?: true; retries?: number }, Step<number>][] = [
    ["success", part([1, 2]), { kind: "success" }, {}, { kind: "done" }],
    ["a failure, retried for ever", part([1, 2], 999), failure, {}, { kind: "retry", part: part([1, 2], 1000) }],
    ["a failure with retries left", part([1], 2), failure, { retries: 3 }, { kind: "retry", part: part([1], 3) }],
    [
      "recorded: the fourth failure with 3 retries",
      part([1], 3),
      failure,
      { retries: 3 },
      { kind: "giveUp", part: part([1], 4) },
    ],
    [
      "the first failure without retries",
      part([1], 0),
      failure,
      { retries: 0 },
      { kind: "giveUp", part: part([1], 1) },
    ],
    [
      "unconfirmed: a failure, bisected before its retries, the first half the larger",
      part([1, 2, 3], 0),
      failure,
      { bisect: true, retries: 0 },
      { kind: "split", halves: [fresh([1, 2]), fresh([3])] },
    ],
    [
      "a failure of one record, bisected",
      part([1], 0),
      failure,
      { bisect: true, retries: 0 },
      { kind: "giveUp", part: part([1], 1) },
    ],
    [
      "recorded: progress brings fresh retries",
      part([1, 2, 3], 3),
      reported(2),
      { retries: 3 },
      { kind: "resume", settled: 2, rest: fresh([3]) },
    ],
    [
      "progress with bisect: the cut is at the report",
      part([1, 2, 3, 4]),
      reported(1),
      { bisect: true },
      { kind: "resume", settled: 1, rest: fresh([2, 3, 4]) },
    ],
    [
      "a report of the first record",
      part([1, 2], 0),
      reported(0),
      { retries: 3 },
      { kind: "retry", part: part([1, 2], 1) },
    ],
    [
      "unconfirmed: a report of the first record, with bisect",
      part([1, 2], 0),
      reported(0),
      { bisect: true, retries: 3 },
      { kind: "retry", part: part([1, 2], 1) },
    ],
    [
      "a last report of the first record",
      part([1, 2], 3),
      reported(0),
      { retries: 3 },
      { kind: "giveUp", part: part([1, 2], 4) },
    ],
  ];
  for (const [name, before, outcome, { bisect = false, retries = -1 }, expected] of table) {
    it(`${name}: ${expected.kind}`, () => {
      const settings = { bisectBatchOnFunctionError: bisect, maximumRetryAttempts: retries };
      expect(next(before, outcome, settings)).to.deep.equal(expected);
    });
  }

  it("takes no retry for a refusal", () => {
    expect(refused(part([1], 2))).to.deep.equal({ records: [1], attempts: 2, refusals: 1 });
  });
});
