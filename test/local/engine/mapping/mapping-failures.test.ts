import { expect } from "chai";
import { InvocationRefused } from "../../../../local/engine/invocation.ts";
import type { FailureRecord } from "../../../../local/engine/mapping/give-up.ts";
import { TestClock } from "./support/clock.ts";
import { FunctionFailure, recordingFunction } from "./support/function.ts";
import { functionArn, type MappingOnTable, mappingId, mappingOnTable, names } from "./support/mapping-on-table.ts";

describe("a mapping on DynamoDB Local, when something fails", () => {
  let table: MappingOnTable["table"];
  let start: MappingOnTable["start"];
  let close: MappingOnTable["close"];
  beforeEach(async () => {
    ({ table, start, close } = await mappingOnTable());
  });
  afterEach(() => close());

  it("isolates a poison record of a batch of 1,000 by bisect, and its neighbours arrive in order", async () => {
    const ids = names(1000);
    await table.putAll(ids);
    const consumer = recordingFunction((batch) => {
      if (batch.includes("item-613")) throw new FunctionFailure("poison");
    });
    const sent: FailureRecord[] = [];
    const running = start(
      { batchSize: 1000, bisectBatchOnFunctionError: true, maximumRetryAttempts: 3 },
      { invoke: consumer.invoke, sendToFailureDestination: async (record) => void sent.push(record) },
    );
    await running.idle();

    expect(consumer.accepted()).to.deep.equal(ids.filter((id) => id !== "item-613"));
    expect(consumer.calls.filter((call) => call.length === 1 && call[0] === "item-613")).to.have.length(1 + 3);
    expect(consumer.calls.length).to.be.at.most(1 + 2 * Math.ceil(Math.log2(1000)) + 3);
    expect(sent).to.have.length(1);
    expect(sent[0]!.requestContext).to.deep.include({ condition: "RetryAttemptsExhausted", approximateInvokeCount: 4 });
    expect(sent[0]!.DDBStreamBatchInfo.batchSize).to.equal(1);
    expect(running.stats).to.deep.include({ delivered: 999, failureMessages: 1, recordsInFailureMessages: 1 });
  });

  it("goes on with the records after a batch whose retries are exhausted", async () => {
    const consumer = recordingFunction((batch) => {
      if (batch.includes("item-1")) throw new FunctionFailure("poison");
    });
    await table.putAll(names(6));
    const sent: FailureRecord[] = [];
    const running = start(
      { batchSize: 2, maximumRetryAttempts: 1 },
      { invoke: consumer.invoke, sendToFailureDestination: async (record) => void sent.push(record) },
    );
    await running.idle();

    expect(consumer.calls.slice(0, 3).map((call) => call[0])).to.deep.equal(["item-0", "item-0", "item-2"]);
    expect(consumer.accepted()).to.deep.equal(["item-2", "item-3", "item-4", "item-5"]);
    expect(sent.map(({ DDBStreamBatchInfo }) => DDBStreamBatchInfo.batchSize)).to.deep.equal([2]);
    expect(sent[0]!.responseContext).to.deep.equal({
      statusCode: 200,
      executedVersion: "$LATEST",
      functionError: "Unhandled",
    });
  });

  it("drops and reports what the failure destination refuses, and goes on", async () => {
    await table.putAll(names(2));
    const problems: Error[] = [];
    const consumer = recordingFunction((batch) => {
      if (batch.includes("item-0")) throw new FunctionFailure("poison");
    });
    const running = start(
      { batchSize: 1, maximumRetryAttempts: 0 },
      {
        invoke: consumer.invoke,
        sendToFailureDestination: async () => {
          throw new Error("queue is gone");
        },
        onProblem: (problem) => problems.push(problem),
      },
    );
    await running.idle();

    expect(consumer.accepted()).to.deep.equal(["item-1"]);
    expect(running.stats).to.deep.include({ droppedRecords: 1, failureMessages: 0 });
    expect(problems.map(({ message }) => message)).to.deep.equal([
      `The event source mapping ${mappingId} of ${functionArn} dropped 1 record: the failure message could not be sent: Error: queue is gone`,
    ]);
  });

  it("uses up no retries for refused invocations", async () => {
    await table.putAll(["a"]);
    let refusals = 5;
    const consumer = recordingFunction();
    const running = start(
      { maximumRetryAttempts: 0 },
      {
        async invoke(event) {
          refusals -= 1;
          if (refusals >= 0) throw new InvocationRefused("Rate Exceeded.");
          return consumer.invoke(event);
        },
      },
    );
    await running.idle();

    expect(consumer.accepted()).to.deep.equal(["a"]);
    expect(running.stats).to.deep.include({ refusedInvocations: 5, invocations: 1, retries: 0 });
  });

  it("gives no record up for the seconds that DynamoDB Local leaves out of its creation time", async () => {
    const before = Date.now(); // the put may fall into the next minute
    await table.putAll(["a"]);
    const consumer = recordingFunction();
    const clock = new TestClock(Math.floor(before / 60_000) * 60_000 + 90_000);
    const running = start({ maximumRecordAgeInSeconds: 60 }, { invoke: consumer.invoke, clock });
    await running.idle();
    expect(consumer.accepted()).to.deep.equal(["a"]);
  });

  it("fails, and says why, when its stream does not exist", async () => {
    const consumer = recordingFunction();
    const problems: Error[] = [];
    const running = start(
      {},
      { invoke: consumer.invoke, streamArn: `${table.streamArn}0`, onProblem: (problem) => problems.push(problem) },
    );
    await running.idle().then(
      () => expect.fail("idle without a stream"),
      (error: Error) =>
        expect(error.message).to.match(/^The event source mapping .* failed: ResourceNotFoundException: /),
    );
    expect(problems).to.have.length(1);
    expect(await running.failed.catch((error) => error)).to.equal(problems[0]);
  });

  it("fails when invoking fails otherwise than a function can", async () => {
    await table.putAll(["a"]);
    const problems: string[] = [];
    const running = start(
      { parallelizationFactor: 2 },
      {
        invoke: async () => {
          throw new TypeError("a mistake in the engine");
        },
        onProblem: ({ message }) => problems.push(message),
      },
    );
    const { message } = await running.failed.catch((error) => error);
    expect(message).to.match(/failed: TypeError: a mistake in the engine$/);
    expect(problems).to.deep.equal([message]);
    await running.idle().then(
      () => expect.fail("idle without delivery"),
      (error: Error) => expect(error.message).to.match(/failed: TypeError: a mistake in the engine$/),
    );
  });
});
