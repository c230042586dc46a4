import { expect } from "chai";
import type { Checkpoints } from "../../../../local/engine/mapping/checkpoint.ts";
import { FunctionFailure, idOf, recordingFunction } from "./support/function.ts";
import { type MappingOnTable, mappingOnTable, names } from "./support/mapping-on-table.ts";

describe("a mapping on DynamoDB Local that is started and stopped", () => {
  let table: MappingOnTable["table"];
  let start: MappingOnTable["start"];
  let close: MappingOnTable["close"];
  beforeEach(async () => {
    ({ table, start, close } = await mappingOnTable());
  });
  afterEach(() => close());

  it("resumes at the checkpoint after a stop", async () => {
    const checkpoints: Checkpoints = new Map();
    await table.putAll(names(4));
    const stuck = recordingFunction((batch) => {
      if (batch.includes("item-2")) throw new FunctionFailure("not yet");
    });
    const reached = Promise.withResolvers<void>();
    const first = start(
      { batchSize: 2 },
      {
        checkpoints,
        invoke: stuck.invoke,
        backoff: () => {
          reached.resolve();
          return 60_000;
        },
      },
    );
    await reached.promise;
    const waiting = first.idle();
    await first.stop();
    await waiting.then(
      () => expect.fail("idle, though two records are not settled"),
      (error: Error) => expect(error.message).to.match(/was stopped$/),
    );

    await table.putAll(["later"]);
    const consumer = recordingFunction();
    const second = start({ batchSize: 2 }, { checkpoints, invoke: consumer.invoke });
    await second.idle();
    expect(consumer.calls).to.deep.equal([["item-2", "item-3"], ["later"]]);
  });

  it("begins with what comes after its start when it starts at LATEST", async () => {
    await table.putAll(["before"]);
    const consumer = recordingFunction();
    const running = start({ startingPosition: "LATEST" }, { invoke: consumer.invoke });
    await running.started();
    await table.putAll(["after"]);
    await running.idle();
    expect(consumer.accepted()).to.deep.equal(["after"]);
  });

  it("goes on after a restart where LATEST was when it first started", async () => {
    const checkpoints: Checkpoints = new Map();
    await table.putAll(["before"]);
    const consumer = recordingFunction();
    const options = { invoke: consumer.invoke, checkpoints };
    const first = start({ startingPosition: "LATEST" }, options);
    await first.idle();
    await first.stop();
    await table.putAll(["meanwhile"]);
    await start({ startingPosition: "LATEST" }, options).idle();
    expect(consumer.accepted()).to.deep.equal(["meanwhile"]);
  });

  it("waits for the invocation under way when it is stopped, tells it, and keeps what it did", async () => {
    const checkpoints: Checkpoints = new Map();
    await table.putAll(names(2));
    const invoked = Promise.withResolvers<void>();
    const calls: string[][] = [];
    let sequenceNumber: string | undefined;
    const running = start(
      { batchSize: 1 },
      {
        checkpoints,
        async invoke(event, signal) {
          calls.push(event.Records.map(idOf));
          sequenceNumber = event.Records[0]?.dynamodb?.SequenceNumber;
          invoked.resolve();
          await new Promise((resolve) => signal.addEventListener("abort", resolve));
          return { payload: null, functionError: null, requestId: "r" };
        },
      },
    );
    await invoked.promise;
    await running.stop();
    expect(calls).to.deep.equal([["item-0"]]);
    expect(running.stats.delivered).to.equal(1);
    expect([...checkpoints.values()]).to.deep.equal([{ settledThrough: sequenceNumber, finished: false }]);
  });
});
