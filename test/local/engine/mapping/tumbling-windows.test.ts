import { expect } from "chai";
import type { Checkpoint } from "../../../../local/engine/mapping/checkpoints.ts";
import type { FailureRecord } from "../../../../local/engine/mapping/failure-record.ts";
import { InvocationRefused } from "../../../../local/engine/mapping/invocation-refused.ts";
import { type Mapping, type MappingOptions, startMapping } from "../../../../local/engine/mapping/mapping.ts";
import { mappingSettings } from "../../../../local/engine/mapping/settings.ts";
import { largestState } from "../../../../local/engine/mapping/window.ts";
import type { WindowEvent } from "../../../../local/engine/mapping/window-event.ts";
import { TestClock } from "./support/clock.ts";
import { FunctionFailure, idOf } from "./support/function.ts";
import { FakeStream } from "./support/stream.ts";

const noon = Date.parse("2024-03-01T12:00:00Z");
const minute = 60_000;

/** A call as the tables below write it: the ids, the state that came with it, and what it says about its window. */
function brief(event: WindowEvent): string {
  const ids = event.Records.map(idOf).join("");
  const final = event.isFinalInvokeForWindow ? " final" : "";
  const early = event.isWindowTerminatedEarly ? " early" : "";
  return `${event.window.start.slice(11, 16)} [${ids}] ${JSON.stringify(event.state)}${final}${early}`;
}

describe("a mapping with tumbling windows", () => {
  let stream: FakeStream;
  let calls: WindowEvent[];
  let clock: TestClock;
  let mapping: Mapping | undefined;

  beforeEach(() => {
    stream = new FakeStream();
    stream.addShard("one");
    calls = [];
    clock = new TestClock(noon);
    mapping = undefined;
  });

  afterEach(async () => mapping?.stop());

  /** @param answer what the function answers; throwing fails the invocation */
  function start(
    answer: (event: WindowEvent) => unknown,
    inputs: Record<string, unknown> = {},
    options: Partial<MappingOptions> = {},
  ): Mapping {
    mapping = startMapping({
      uuid: "uuid",
      functionArn: "function",
      streamArn: "arn:aws:dynamodb:ddblocal:000000000000:table/t/stream/s",
      region: "eu-west-1",
      streams: stream.client,
      settings: mappingSettings({ startingPosition: "TRIM_HORIZON", tumblingWindowInSeconds: 60, ...inputs }),
      async invoke(event) {
        calls.push(event as WindowEvent);
        try {
          return { payload: answer(event as WindowEvent), functionError: null, requestId: "r" };
        } catch (error) {
          if (!(error instanceof FunctionFailure)) throw error;
          return { payload: { errorMessage: error.message }, functionError: "Unhandled", requestId: "r" };
        }
      },
      onProblem: (problem) => {
        throw problem;
      },
      clock,
      ...options,
    });
    return mapping;
  }

  /** The function that gathers the ids in its state. */
  const gather = ({ state, Records }: WindowEvent) => ({
    state: { ids: `${(state as { ids?: string }).ids ?? ""}${Records.map(idOf).join("")}` },
  });

  it("hands the state on within a window, completes it without records, and begins the next one afresh", async () => {
    for (const [key, after] of [
      ["a", 0],
      ["b", 10_000],
      ["c", minute - 1],
      ["d", minute],
    ] as const) {
      stream.write("one", key, noon + after);
    }
    const running = start(gather, { batchSize: 2 });
    await running.idle();
    expect(calls.map(brief)).to.deep.equal([
      "12:00 [ab] {}",
      '12:00 [c] {"ids":"ab"}',
      '12:00 [] {"ids":"abc"} final',
      "12:01 [d] {}",
      '12:01 [] {"ids":"d"} final',
    ]);
    expect(running.stats).to.deep.include({ windows: 2, delivered: 4, invocations: 5, batches: 3 });
  });

  it("gives the event the documented form", async () => {
    stream.write("one", "a", noon + 35_000);
    await start(gather, { tumblingWindowInSeconds: 120 }).idle();
    const [{ Records, ...first } = { Records: [] }, last] = calls;
    expect(Records.map(idOf)).to.deep.equal(["a"]);
    const common = {
      window: { start: "2024-03-01T12:00:00Z", end: "2024-03-01T12:02:00Z" },
      shardId: "one",
      eventSourceARN: "arn:aws:dynamodb:eu-west-1:000000000000:table/t/stream/s",
      isWindowTerminatedEarly: false,
    };
    expect(first).to.deep.equal({ ...common, state: {}, isFinalInvokeForWindow: false });
    expect(last).to.deep.equal({ ...common, Records: [], state: { ids: "a" }, isFinalInvokeForWindow: true });
    expect(Object.keys(last!)).to.deep.equal([
      "Records",
      "window",
      "state",
      "shardId",
      "eventSourceARN",
      "isFinalInvokeForWindow",
      "isWindowTerminatedEarly",
    ]);
  });

  it("waits for two minutes after the window's end before it takes it for over", async () => {
    stream.write("one", "a", noon);
    let finalAt = 0;
    await start((event) => {
      if (event.isFinalInvokeForWindow) finalAt = clock.now();
      return gather(event);
    }).idle();
    expect(finalAt - noon).to.be.within(3 * minute, 3 * minute + 2000);
  });

  it("closes the window with its shard, whose child begins afresh", async () => {
    stream.write("one", "a", noon);
    stream.close("one");
    stream.addShard("two", "one");
    stream.write("two", "b", noon + 1000);
    await start(gather).idle();
    expect(calls.map(({ shardId, ...rest }) => `${shardId} ${brief({ shardId, ...rest })}`)).to.deep.equal([
      "one 12:00 [a] {}",
      'one 12:00 [] {"ids":"a"} final',
      "two 12:00 [b] {}",
      'two 12:00 [] {"ids":"b"} final',
    ]);
  });

  it("ends a window early when its state exceeds 1 MB, and opens it again with a fresh state", async () => {
    for (const key of ["a", "b"]) stream.write("one", key, noon);
    const large = "x".repeat(largestState);
    const running = start(
      ({ Records }) => ({ state: Records.some((record) => idOf(record) === "a") ? large : "small" }),
      {
        batchSize: 1,
      },
    );
    await running.idle();
    expect(calls.map(brief)).to.deep.equal([
      "12:00 [a] {}",
      `12:00 [] "${large}" final early`,
      "12:00 [b] {}",
      '12:00 [] "small" final',
    ]);
    expect(running.stats.windows).to.equal(2);
  });

  it("takes an answer without state for a failed invocation, discards when the retries are used up, and goes on", async () => {
    for (const key of ["a", "b", "c"]) stream.write("one", key, noon);
    const sent: [FailureRecord, WindowEvent][] = [];
    await start(
      (event) => (event.Records.some((record) => idOf(record) === "b") ? {} : gather(event)),
      { batchSize: 1, maximumRetryAttempts: 1 },
      { sendToFailureDestination: async (record, event) => void sent.push([record, event as WindowEvent]) },
    ).idle();
    expect(calls.map(brief)).to.deep.equal([
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
    for (const key of ["a", "b", "c", "d"]) stream.write("one", key, noon);
    await start(
      (event) => {
        if (event.Records.some((record) => idOf(record) === "c")) throw new FunctionFailure("poison");
        return gather(event);
      },
      { maximumBatchingWindowInSeconds: 1, bisectBatchOnFunctionError: true, maximumRetryAttempts: 0 },
    ).idle();
    expect(calls.map(brief)).to.deep.equal([
      "12:00 [abcd] {}",
      "12:00 [ab] {}",
      '12:00 [cd] {"ids":"ab"}',
      '12:00 [c] {"ids":"ab"}',
      '12:00 [d] {"ids":"ab"}',
      '12:00 [] {"ids":"abd"} final',
    ]);
  });

  it("takes the state of an answer that reports a failed record for the records before it", async () => {
    for (const key of ["a", "b"]) stream.write("one", key, noon);
    let failures = 1;
    await start(
      (event) => {
        const failed = event.Records.find((record) => idOf(record) === "b");
        if (failed === undefined || failures === 0) return gather(event);
        failures -= 1;
        const batchItemFailures = [{ itemIdentifier: failed.dynamodb?.SequenceNumber }];
        return { state: { ids: "a" }, batchItemFailures };
      },
      { functionResponseTypes: ["ReportBatchItemFailures"] },
    ).idle();
    expect(calls.map(brief)).to.deep.equal(["12:00 [ab] {}", '12:00 [b] {"ids":"a"}', '12:00 [] {"ids":"ab"} final']);
  });

  it("suspends everything until the final invocation succeeds, whatever the retries and the age allow", async () => {
    stream.write("one", "a", noon);
    stream.write("one", "b", noon + minute);
    let refusals = 2;
    let failures = 10;
    const running = start(
      (event) => {
        if (event.isFinalInvokeForWindow && refusals-- > 0) throw new InvocationRefused("Rate Exceeded.");
        if (event.isFinalInvokeForWindow && failures-- > 0) throw new FunctionFailure("not yet");
        return gather(event);
      },
      { maximumRetryAttempts: 0 },
      { backoff: () => 1 },
    );
    await running.idle();
    expect(calls.map(brief)).to.deep.equal([
      "12:00 [a] {}",
      ...Array(13).fill('12:00 [] {"ids":"a"} final'),
      "12:01 [b] {}",
      '12:01 [] {"ids":"b"} final',
    ]);
    expect(running.stats).to.deep.include({ refusedInvocations: 2, failedInvocations: 10, windows: 2, delivered: 2 });
  });

  it("does not open a window for records that have expired", async () => {
    stream.write("one", "old", noon - 2 * minute);
    stream.write("one", "new", noon);
    const running = start(gather, { maximumRecordAgeInSeconds: 60 });
    await running.idle();
    expect(calls.map(brief)).to.deep.equal(["12:00 [new] {}", '12:00 [] {"ids":"new"} final']);
    expect(running.stats.droppedRecords).to.equal(1);
  });

  it("neither opens nor ends a window for records that the filters pass over", async () => {
    stream.write("one", "a", noon);
    stream.write("one", "skipped", noon + minute);
    const pattern = '{"dynamodb":{"Keys":{"id":{"S":["a"]}}}}';
    await start(gather, { filterCriteria: { filters: [{ pattern }] } }).idle();
    expect(calls.map(brief)).to.deep.equal(["12:00 [a] {}", '12:00 [] {"ids":"a"} final']);
  });

  it("goes on with the window and its state after a restart, and completes no window twice", async () => {
    const aggregated = Promise.withResolvers<void>();
    class Noting extends Map<string, Checkpoint> {
      override set(shardId: string, checkpoint: Checkpoint): this {
        aggregated.resolve();
        return super.set(shardId, checkpoint);
      }
    }
    const checkpoints = new Noting();
    stream.write("one", "a", noon);
    const still = { now: () => noon, sleep: (_: number, signal: AbortSignal) => aborted(signal) };
    const first = start(gather, {}, { checkpoints, clock: still });
    await aggregated.promise;
    await first.stop();
    expect(checkpoints.get("one")?.window).to.deep.equal({ start: noon, end: noon + minute, state: { ids: "a" } });

    stream.write("one", "b", noon + 1000);
    const second = start(gather, {}, { checkpoints });
    await second.idle();
    await second.stop();
    const expected = ["12:00 [a] {}", '12:00 [b] {"ids":"a"}', '12:00 [] {"ids":"ab"} final'];
    expect(calls.map(brief)).to.deep.equal(expected);

    await start(gather, {}, { checkpoints }).idle();
    expect(calls.map(brief)).to.deep.equal(expected);
  });

  it("waits for a window's end in the time scale that it is given", async () => {
    stream.write("one", "a", noon);
    await start(gather, {}, { timeScale: 0.001 }).idle();
    expect(clock.now() - noon).to.be.below(5000);
    expect(calls.map(brief).at(-1)).to.equal('12:00 [] {"ids":"a"} final');
  });
});

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}
