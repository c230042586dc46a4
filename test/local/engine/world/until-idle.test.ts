import { expect } from "chai";
import { newStats } from "../../../../local/engine/mapping/stats.ts";
import type { Clock } from "../../../../local/engine/waiting.ts";
import {
  type IdleOptions,
  stuck,
  untilIdle,
  type Waiting,
  waitingFor,
} from "../../../../local/engine/world/until-idle.ts";

type World = Parameters<typeof untilIdle>[0];

describe("what a world that is not idle says", () => {
  const films = { ...newStats(), polled: 5, delivered: 1, filteredOut: 1 };
  const others = { ...newStats(), polled: 3, delivered: 1, recordsInFailureMessages: 1, droppedRecords: 1 };
  let settled: PromiseWithResolvers<void>;
  let problems: string[];
  let calls: {
    caller: object;
    service: string;
    operation: string;
    calls: number;
    errors: number;
    lastError?: string;
  }[];
  let world: World;

  beforeEach(() => {
    settled = Promise.withResolvers();
    problems = [];
    calls = [];
    const mapping = (functionName: string, stats: object, trouble?: string) => ({
      functionName,
      mapping: { stats, trouble, idle: () => settled.promise },
    });
    world = {
      mappings: new Map(
        Object.entries({ a: mapping("others", others), b: mapping("films", { ...films }, "Error: no") }),
      ),
      functions: new Map(),
      firehose: { ifStarted: async () => undefined },
      broken: new Promise(() => {}),
      gateway: { meters: () => calls },
      onProblem: (text: string) => problems.push(text),
    } as unknown as World;
  });

  /** A clock on which the minutes pass at once; each of them begins with what is to happen in it, and with the last one everything is settled. */
  function minutes(...events: (() => void)[]): Clock {
    return {
      now: () => 0,
      async sleep(milliseconds, signal) {
        expect(milliseconds).to.equal(60_000);
        await new Promise(setImmediate);
        const event = events.shift();
        if (event === undefined) settled.resolve();
        else event();
        if (event === undefined && !signal.aborted) await new Promise((end) => signal.addEventListener("abort", end));
      },
    };
  }
  const nothing = () => {};
  const idle = (options: IdleOptions) => untilIdle(world, options);
  const text =
    "Nothing has moved for a minute. Still waited for:\n  films: 3 changes are not settled; last error: Error: no";

  it("is what it waits for, once, when nothing has moved for a minute", async () => {
    await idle({ clock: minutes(nothing, nothing, nothing) });
    expect(problems).to.deep.equal([text]);
  });

  it("is said again when something has moved meanwhile", async () => {
    const settleOne = () => void ([...world.mappings.values()][1]!.mapping.stats as { delivered: number }).delivered++;
    await idle({ clock: minutes(nothing, settleOne, nothing) });
    expect(problems).to.deep.equal([text, text.replace("3 changes", "2 changes")]);
  });

  it("is nothing while calls succeed, and what a service answered where they do not", async () => {
    const caller = { kind: "function", name: "films" };
    const send = { caller, service: "sqs", operation: "SendMessageBatch", calls: 0, errors: 0 };
    calls.push(send);
    const succeed = () => {
      send.calls += 1;
    };
    await idle({ clock: minutes(succeed, succeed) });
    expect(problems).to.deep.equal([]);

    settled = Promise.withResolvers();
    const fail = () => {
      Object.assign(send, { calls: send.calls + 2, errors: send.errors + 1, lastError: "NoQueue: there is none" });
    };
    await idle({ clock: minutes(fail, fail) });
    expect(problems).to.deep.equal([text.replace("Error: no", "sqs SendMessageBatch: NoQueue: there is none")]);
  });

  it("may end the waiting", async () => {
    let waiting: readonly Waiting[] = [];
    const onStuck = (found: readonly Waiting[]) => {
      waiting = found;
      throw new Error("enough");
    };
    const error = await idle({ clock: minutes(nothing), onStuck }).catch((reason) => reason);
    expect(error.message).to.equal("enough");
    expect(waiting).to.deep.equal([
      { functionName: "films", settled: 2, unsettled: 3, trouble: "Error: no" },
      { functionName: "others", settled: 3, unsettled: 0, trouble: undefined },
    ]);
    expect(waitingFor(world)).to.deep.equal(waiting);
    expect(problems).to.deep.equal([]);
  });

  it("is a guess where every change is settled", () => {
    expect(stuck([])).to.equal(
      "Nothing has moved for a minute. Still waited for:\n  no change in particular: a tumbling window may be open, or a delivery under way",
    );
    expect(stuck([{ functionName: "f", settled: 0, unsettled: 1, trouble: undefined }])).to.match(
      /\n {2}f: 1 change is not settled$/,
    );
  });
});
