import { expect } from "chai";
import {
  afterRefusal,
  classify,
  type Decision,
  decide,
  type Outcome,
  reasonOf,
  untried,
} from "../../../../local/engine/mapping/decide.ts";
import { failing } from "./support/function.ts";

const batch = ["99999999999999999999", "000000000000000000000100000000000000000000", "100000000000000000001"] as const;
const reporting = { reportsItems: true, needsState: false };
const silent = { reportsItems: false, needsState: false };
const success: Outcome = { kind: "success" };
const failure: Outcome = { kind: "failure", reason: "it failed" };
const partial = (from: number): Outcome => ({ kind: "partial", from });

/** What an answer means for the batch; why it fails is a matter of its own. */
function meaning(answer: Parameters<typeof classify>[0], rules: Parameters<typeof classify>[2]): Outcome {
  const outcome = classify(answer, batch, rules);
  return outcome.kind === "failure" ? failure : outcome;
}

describe("classify, with ReportBatchItemFailures", () => {
  const table: [string, unknown, Outcome][] = [
    ["recorded: report_batch_item_success_scenarios, an empty list", [], success],
    ["recorded: report_batch_item_success_scenarios, null", null, success],
    ["recorded: report_batch_item_success_scenarios, an empty object", {}, success],
    ["recorded: report_batch_item_success_scenarios, an empty list of failures", { batchItemFailures: [] }, success],
    ["recorded: report_batch_item_success_scenarios, a null list of failures", { batchItemFailures: null }, success],
    ["recorded: report_batch_item_success_scenarios, an empty text (Kinesis)", "", success],
    ["no payload", undefined, success],
    ["an object about something else", { statusCode: 200 }, success],
    ["the key in another case", { BatchItemFailures: [{ itemIdentifier: batch[0] }] }, success],
    ["recorded: report_batch_item_failure_scenarios, an empty identifier", failing(""), failure],
    ["recorded: report_batch_item_failure_scenarios, a null identifier", failing(null), failure],
    ["recorded: report_batch_item_failure_scenarios, an unknown identifier", failing("123"), failure],
    ["recorded: report_batch_item_failure_scenarios, a number as identifier", failing(123), failure],
    ["recorded: report_batch_item_failure_scenarios, another key", { batchItemFailures: [{ foo: 123 }] }, failure],
    [
      "recorded: report_batch_item_failure_scenarios, another key with null",
      { batchItemFailures: [{ foo: null }] },
      failure,
    ],
    ["an item that is null", { batchItemFailures: [null] }, failure],
    ["one good identifier and a bad one", failing(batch[1], "nonsense"), failure],
    ["failures that are no list", { batchItemFailures: batch[0] }, failure],
    ["a text", "done", failure],
    ["a number", 1, failure],
    ["a list", [{ itemIdentifier: batch[0] }], failure],
    ["one identifier", failing(batch[1]), partial(1)],
    ["the first record", failing(batch[0]), partial(0)],
    ["recorded: report_batch_item_failures, the lowest of several", failing(batch[2], batch[1]), partial(1)],
    ["the lowest by number, not by text", failing(batch[2], batch[0]), partial(0)],
    ["the same identifier twice", failing(batch[2], batch[2]), partial(2)],
  ];
  for (const [name, payload, expected] of table) {
    it(`${name}: ${expected.kind}`, () => {
      expect(meaning({ payload, functionError: null }, reporting)).to.deep.equal(expected);
    });
  }

  it("recorded: an exception fails the batch, whatever the payload says", () => {
    expect(meaning({ payload: failing(batch[2]), functionError: "Unhandled" }, reporting)).to.deep.equal(failure);
  });
});

describe("classify, without ReportBatchItemFailures", () => {
  it("ignores what the function returns", () => {
    for (const payload of [failing(batch[1]), failing(""), "done", null]) {
      expect(meaning({ payload, functionError: null }, silent)).to.deep.equal(success);
    }
  });

  it("fails the batch for a function's error", () => {
    expect(meaning({ payload: null, functionError: "Handled" }, silent)).to.deep.equal(failure);
  });
});

describe("classify, in a tumbling window", () => {
  const windowed = { reportsItems: true, needsState: true };
  const table: [string, unknown, Outcome][] = [
    ["a state", { state: { sum: 1 } }, success],
    ["an empty state", { state: {} }, success],
    ["a state that is null", { state: null }, success],
    ["a state and no failures", { state: {}, batchItemFailures: [] }, success],
    ["a state and a failure", { state: {}, batchItemFailures: [{ itemIdentifier: batch[1] }] }, partial(1)],
    ["no state", {}, failure],
    ["no state, but a failure", failing(batch[1]), failure],
    ["null", null, failure],
    ["nothing", undefined, failure],
    ["a list", [], failure],
  ];
  for (const [name, payload, expected] of table) {
    it(`${name}: ${expected.kind}`, () => {
      expect(meaning({ payload, functionError: null }, windowed)).to.deep.equal(expected);
    });
  }
});

describe("why an invocation did not succeed", () => {
  const rules = { reportsItems: true, needsState: false };
  const unclear = "does not say which items failed, as ReportBatchItemFailures needs it";
  const foreign = "names an item that is not in the batch";
  const table: [unknown, string | undefined][] = [
    [null, undefined],
    [failing(batch[1]), "it answered with 1 failure"],
    [failing(batch[1], batch[2]), "it answered with 2 failures"],
    ["done", `its answer "done" ${unclear}`],
    [1, `its answer 1 ${unclear}`],
    [{ batchItemFailures: "x" }, `its answer {"batchItemFailures":"x"} ${unclear}`],
    ["x".repeat(98), `its answer "${"x".repeat(98)}" ${unclear}`],
    ["long".repeat(50), `its answer "${"long".repeat(25).slice(0, 99)}... ${unclear}`],
    [failing(""), `its answer {"batchItemFailures":[{"itemIdentifier":""}]} ${foreign}`],
  ];
  for (const [payload, reason] of table) {
    it(`${JSON.stringify(payload).slice(0, 50)}: ${reason ?? "it did"}`, () => {
      expect(reasonOf(classify({ payload, functionError: null }, batch, rules), payload)).to.equal(reason);
    });
  }

  it("is the function's own error, in a tumbling window too", () => {
    const payload = { errorType: "TypeError", errorMessage: "no film" };
    const answer = { payload, functionError: "Unhandled" as const };
    expect(reasonOf(classify(answer, batch, { ...rules, needsState: true }), payload)).to.equal("TypeError: no film");
    const outcome = classify({ payload: "gone", functionError: "Unhandled" }, batch, rules);
    expect(reasonOf(outcome, "gone")).to.equal("Unhandled: ");
  });

  it("is the missing state, in a tumbling window", () => {
    for (const [payload, shown] of [
      [{}, "{}"],
      [undefined, "undefined"],
    ] as const) {
      const outcome = classify({ payload, functionError: null }, batch, { ...rules, needsState: true });
      expect(reasonOf(outcome, payload)).to.equal(
        `its answer ${shown} has no \`state\`, which a tumbling window needs`,
      );
    }
  });
});

const reported = (from: number): Outcome => ({ kind: "partial", from });
const part = (records: number[], attempts = 0) => ({ records, attempts, refusals: 0 });

describe("decide", () => {
  const table: [string, ReturnType<typeof part>, Outcome, { bisect?: true; retries?: number }, Decision<number>][] = [
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
      { kind: "split", halves: [untried([1, 2]), untried([3])] },
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
      { kind: "resume", settled: 2, rest: untried([3]) },
    ],
    [
      "progress with bisect: the cut is at the report",
      part([1, 2, 3, 4]),
      reported(1),
      { bisect: true },
      { kind: "resume", settled: 1, rest: untried([2, 3, 4]) },
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
      expect(decide(before, outcome, settings)).to.deep.equal(expected);
    });
  }

  it("takes no retry for a refusal", () => {
    expect(afterRefusal(part([1], 2))).to.deep.equal({ records: [1], attempts: 2, refusals: 1 });
  });
});
