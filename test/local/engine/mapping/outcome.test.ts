import { expect } from "chai";
import { classify, type Outcome } from "../../../../local/engine/mapping/outcome.ts";
import { failing } from "./support/function.ts";

const batch = ["99999999999999999999", "000000000000000000000100000000000000000000", "100000000000000000001"] as const;
const reporting = { reportsItems: true, needsState: false };
const silent = { reportsItems: false, needsState: false };
const success: Outcome = { kind: "success" };
const failure: Outcome = { kind: "failure" };
const partial = (from: number): Outcome => ({ kind: "partial", from });

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
      expect(classify({ payload, functionError: null }, batch, reporting)).to.deep.equal(expected);
    });
  }

  it("recorded: an exception fails the batch, whatever the payload says", () => {
    expect(classify({ payload: failing(batch[2]), functionError: "Unhandled" }, batch, reporting)).to.deep.equal(
      failure,
    );
  });
});

describe("classify, without ReportBatchItemFailures", () => {
  it("ignores what the function returns", () => {
    for (const payload of [failing(batch[1]), failing(""), "done", null]) {
      expect(classify({ payload, functionError: null }, batch, silent)).to.deep.equal(success);
    }
  });

  it("fails the batch for a function's error", () => {
    expect(classify({ payload: null, functionError: "Handled" }, batch, silent)).to.deep.equal(failure);
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
      expect(classify({ payload, functionError: null }, batch, windowed)).to.deep.equal(expected);
    });
  }
});
