import { expect } from "chai";
import { InvocationRefused } from "../../../../../local/engine/invocation.ts";
import type { FailureRecord } from "../../../../../local/engine/mapping/give-up.ts";
import { largestState, type WindowEvent } from "../../../../../local/engine/mapping/windows/window.ts";
import { FunctionFailure, idOf } from "../support/function.ts";
import { brief, gather, MappingWithWindows, minute, noon } from "../support/mapping-with-windows.ts";

describe("a mapping with tumbling windows, when something fails", () => {
  let mapping: MappingWithWindows;
  beforeEach(() => {
    mapping = new MappingWithWindows();
  });
  afterEach(() => mapping.stop());

  it("ends a window early when its state exceeds 1 MB, and opens it again with a fresh state", async () => {
    for (const key of ["a", "b"]) mapping.stream.write("one", key, noon);
    const large = "x".repeat(largestState);
    const running = mapping.start(
      ({ Records }) => ({ state: Records.some((record) => idOf(record) === "a") ? large : "small" }),
      {
        batchSize: 1,
      },
    );
    await running.idle();
    expect(mapping.calls.map(brief)).to.deep.equal([
      "12:00 [a] {}",
      `12:00 [] "${large}" final early`,
      "12:00 [b] {}",
      '12:00 [] "small" final',
    ]);
    expect(running.stats.windows).to.equal(2);
  });

  it("ends a window early in the middle of a batch too, whose rest opens it again", async () => {
    for (const key of ["a", "b"]) mapping.stream.write("one", key, noon);
    const large = "x".repeat(largestState);
    const running = mapping.start(
      ({ Records }) => {
        const [first, second] = Records;
        const failed = second === undefined ? [] : [{ itemIdentifier: second.dynamodb?.SequenceNumber }];
        return { state: first && idOf(first) === "a" ? large : "small", batchItemFailures: failed };
      },
      { functionResponseTypes: ["ReportBatchItemFailures"] },
    );
    await running.idle();
    expect(mapping.calls.map(brief)).to.deep.equal([
      "12:00 [ab] {}",
      `12:00 [] "${large}" final early`,
      "12:00 [b] {}",
      '12:00 [] "small" final',
    ]);
    expect(running.stats).to.deep.include({ windows: 2, delivered: 2, invocations: 4, failedInvocations: 1 });
  });

  it("takes an answer without state for a failed invocation, gives up when the retries are used up, and goes on", async () => {
    for (const key of ["a", "b", "c"]) mapping.stream.write("one", key, noon);
    const sent: [FailureRecord, WindowEvent][] = [];
    await mapping
      .start(
        (event) => (event.Records.some((record) => idOf(record) === "b") ? {} : gather(event)),
        { batchSize: 1, maximumRetryAttempts: 1 },
        { sendToFailureDestination: async (record, event) => void sent.push([record, event as WindowEvent]) },
      )
      .idle();
    expect(mapping.calls.map(brief)).to.deep.equal([
      "12:00 [a] {}",
      '12:00 [b] {"ids":"a"}',
      '12:00 [b] {"ids":"a"}',
      '12:00 [c] {"ids":"a"}',
      '12:00 [] {"ids":"ac"} final',
    ]);
    const [[record, event]] = sent as [(typeof sent)[number]];
    expect(sent).to.have.length(1);
    expect(record.requestContext.approximateInvokeCount).to.equal(2);
    expect(record.responseContext?.functionError).to.equal(null);
    expect(brief(event)).to.equal('12:00 [b] {"ids":"a"}');
  });

  it("carries the state through the parts of a bisected batch", async () => {
    for (const key of ["a", "b", "c", "d"]) mapping.stream.write("one", key, noon);
    await mapping
      .start(
        (event) => {
          if (event.Records.some((record) => idOf(record) === "c")) throw new FunctionFailure("poison");
          return gather(event);
        },
        { maximumBatchingWindowInSeconds: 1, bisectBatchOnFunctionError: true, maximumRetryAttempts: 0 },
      )
      .idle();
    expect(mapping.calls.map(brief)).to.deep.equal([
      "12:00 [abcd] {}",
      "12:00 [ab] {}",
      '12:00 [cd] {"ids":"ab"}',
      '12:00 [c] {"ids":"ab"}',
      '12:00 [d] {"ids":"ab"}',
      '12:00 [] {"ids":"abd"} final',
    ]);
  });

  it("takes the state of an answer that reports a failed record for the records before it", async () => {
    for (const key of ["a", "b"]) mapping.stream.write("one", key, noon);
    let failures = 1;
    await mapping
      .start(
        (event) => {
          const failed = event.Records.find((record) => idOf(record) === "b");
          if (failed === undefined || failures === 0) return gather(event);
          failures -= 1;
          const batchItemFailures = [{ itemIdentifier: failed.dynamodb?.SequenceNumber }];
          return { state: { ids: "a" }, batchItemFailures };
        },
        { functionResponseTypes: ["ReportBatchItemFailures"] },
      )
      .idle();
    expect(mapping.calls.map(brief)).to.deep.equal([
      "12:00 [ab] {}",
      '12:00 [b] {"ids":"a"}',
      '12:00 [] {"ids":"ab"} final',
    ]);
  });

  it("suspends everything until the final invocation succeeds, whatever the retries and the age allow", async () => {
    mapping.stream.write("one", "a", noon);
    mapping.stream.write("one", "b", noon + minute);
    let refusals = 2;
    let failures = 10;
    const running = mapping.start(
      (event) => {
        if (event.isFinalInvokeForWindow && refusals-- > 0) throw new InvocationRefused("Rate Exceeded.");
        if (event.isFinalInvokeForWindow && failures-- > 0) throw new FunctionFailure("not yet");
        return gather(event);
      },
      { maximumRetryAttempts: 0 },
      { backoff: () => 1 },
    );
    await running.idle();
    expect(mapping.calls.map(brief)).to.deep.equal([
      "12:00 [a] {}",
      ...Array(13).fill('12:00 [] {"ids":"a"} final'),
      "12:01 [b] {}",
      '12:01 [] {"ids":"b"} final',
    ]);
    expect(running.stats).to.deep.include({ refusedInvocations: 2, failedInvocations: 10, windows: 2, delivered: 2 });
  });

  it("does not open a window for records that have expired", async () => {
    mapping.stream.write("one", "old", noon - 2 * minute);
    mapping.stream.write("one", "new", noon);
    const running = mapping.start(gather, { maximumRecordAgeInSeconds: 60 });
    await running.idle();
    expect(mapping.calls.map(brief)).to.deep.equal(["12:00 [new] {}", '12:00 [] {"ids":"new"} final']);
    expect(running.stats.droppedRecords).to.equal(1);
  });
});
