import { DeleteItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import type { Checkpoints } from "../../../../local/engine/mapping/checkpoints.ts";
import type { FailureRecord } from "../../../../local/engine/mapping/failure-record.ts";
import { InvocationRefused } from "../../../../local/engine/mapping/invocation-refused.ts";
import { type Mapping, type MappingOptions, startMapping } from "../../../../local/engine/mapping/mapping.ts";
import { mappingSettings } from "../../../../local/engine/mapping/settings.ts";
import { TestClock } from "./support/clock.ts";
import { FunctionFailure, idOf, recordingFunction } from "./support/function.ts";
import { newTable, type Table } from "./support/table.ts";

const functionArn = "arn:aws:lambda:eu-west-1:000000000000:function:consumer";

describe("a mapping on DynamoDB Local", () => {
  let table: Table;
  let mapping: Mapping | undefined;

  beforeEach(async () => {
    table = await newTable();
    mapping = undefined;
  });

  afterEach(async () => {
    await mapping?.stop();
    table.close();
  });

  function start(
    inputs: Record<string, unknown>,
    options: Pick<MappingOptions, "invoke"> & Partial<MappingOptions>,
  ): Mapping {
    mapping = startMapping({
      uuid: "6e5b3c1e-0000-4000-8000-000000000000",
      functionArn,
      streamArn: table.streamArn,
      region: "eu-west-1",
      streams: table.streams,
      settings: mappingSettings({ startingPosition: "TRIM_HORIZON", ...inputs }),
      backoff: () => 1,
      onProblem: (problem) => {
        throw problem;
      },
      ...options,
    });
    return mapping;
  }

  const names = (count: number, prefix = "item") => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

  it("delivers every change once and in order, in the event's form", async () => {
    await table.putAll(["a"]);
    const key = { id: { S: "a" } };
    const rich = { ...key, b: { B: new Uint8Array([1, 2, 255]) }, n: { N: "1.5" } };
    await table.client.send(new PutItemCommand({ TableName: table.name, Item: rich }));
    await table.client.send(new DeleteItemCommand({ TableName: table.name, Key: key }));
    const records: unknown[] = [];
    const running = start(
      {},
      {
        async invoke(event) {
          records.push(...event.Records);
          return { payload: null, functionError: null, requestId: "r" };
        },
      },
    );
    await running.idle();

    expect(records).to.have.length(3);
    expect(records[1]).to.deep.include({
      eventName: "MODIFY",
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: "eu-west-1",
      eventSourceARN: table.streamArn.replace("ddblocal", "eu-west-1"),
    });
    const { dynamodb } = records[1] as { dynamodb: Record<string, unknown> };
    expect(dynamodb).to.deep.include({
      Keys: key,
      OldImage: key,
      NewImage: { ...key, b: { B: "AQL/" }, n: { N: "1.5" } },
      StreamViewType: "NEW_AND_OLD_IMAGES",
    });
    expect(dynamodb.ApproximateCreationDateTime).to.be.a("number").and.to.satisfy(Number.isInteger);
    expect(running.stats).to.deep.include({ polled: 3, delivered: 3, invocations: 1, batches: 1, droppedRecords: 0 });
  });

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
      `The event source mapping 6e5b3c1e-0000-4000-8000-000000000000 of ${functionArn} dropped 1 record: the failure message could not be sent: Error: queue is gone`,
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
    await table.putAll(["a"]);
    const consumer = recordingFunction();
    const clock = new TestClock(Math.floor(Date.now() / 60_000) * 60_000 + 90_000);
    const running = start({ maximumRecordAgeInSeconds: 60 }, { invoke: consumer.invoke, clock });
    await running.idle();
    expect(consumer.accepted()).to.deep.equal(["a"]);
  });

  it("passes over what the filters leave out", async () => {
    await table.putAll(["a", "b"], { status: { S: "OPEN" } });
    await table.putAll(["c"], { status: { S: "SHUT" } });
    const consumer = recordingFunction();
    const pattern = '{"dynamodb":{"NewImage":{"status":{"S":["OPEN"]}}}}';
    const running = start({ filterCriteria: { filters: [{ pattern }] } }, { invoke: consumer.invoke });
    await running.idle();

    expect(consumer.calls).to.deep.equal([["a", "b"]]);
    expect(running.stats).to.deep.include({ polled: 3, filteredOut: 1, delivered: 2 });
    const image = (status: string) =>
      ({ eventName: "INSERT", dynamodb: { NewImage: { status: { S: status } } } }) as const;
    expect([image("OPEN"), image("SHUT")].map((record) => running.passes(record))).to.deep.equal([true, false]);
  });

  it("invokes nothing when the filters leave everything out, and goes past it for good", async () => {
    const checkpoints: Checkpoints = new Map();
    await table.putAll(["a", "b"]);
    const consumer = recordingFunction();
    const filterCriteria = { filters: [{ pattern: '{"eventName":["REMOVE"]}' }] };
    const running = start({ filterCriteria }, { invoke: consumer.invoke, checkpoints });
    await running.idle();
    await running.stop();
    expect(running.stats).to.deep.include({ polled: 2, filteredOut: 2, invocations: 0 });
    const again = start({}, { invoke: consumer.invoke, checkpoints });
    await again.idle();
    expect(consumer.calls).to.deep.equal([]);
  });

  it("is idle only when everything written before is settled, while others keep writing", async () => {
    const settled = new Set<string>();
    const running = start(
      { batchSize: 7, parallelizationFactor: 3 },
      {
        async invoke(event) {
          await new Promise(setImmediate);
          for (const record of event.Records) settled.add(idOf(record));
          return { payload: null, functionError: null, requestId: "r" };
        },
      },
    );
    const missing: string[] = [];
    const writer = async (prefix: string) => {
      for (let round = 0; round < 8; round += 1) {
        const ids = names(30, `${prefix}-${round}`);
        await table.putAll(ids);
        await running.idle();
        missing.push(...ids.filter((id) => !settled.has(id)));
      }
    };
    await Promise.all(["x", "y", "z"].map(writer));

    expect(missing).to.deep.equal([]);
    expect(settled.size).to.equal(3 * 8 * 30);
    expect(running.stats.delivered).to.equal(3 * 8 * 30);
  });

  it("keeps the order of each item's changes in parallel lanes, of which a failing one holds up only itself", async () => {
    const order: Record<string, string[]> = {};
    let failures = 0;
    const running = start(
      { batchSize: 5, parallelizationFactor: 4 },
      {
        async invoke(event) {
          if (event.Records.some((record) => idOf(record) === "key-3") && failures < 10) {
            failures += 1;
            return { payload: null, functionError: "Unhandled", requestId: "r" };
          }
          for (const record of event.Records) {
            const id = idOf(record);
            order[id] = [...(order[id] ?? []), record.dynamodb!.NewImage!.n!.N!];
          }
          return { payload: null, functionError: null, requestId: "r" };
        },
      },
    );
    const keys = names(8, "key");
    for (let n = 0; n < 20; n += 1) await table.putAll(keys, { n: { N: String(n) } });
    await running.idle();

    const rising = Array.from({ length: 20 }, (_, n) => String(n));
    expect(order).to.deep.equal(Object.fromEntries(keys.map((key) => [key, rising])));
    expect(failures).to.equal(10);
  });

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

  it("reads nothing while it is disabled", async () => {
    await table.putAll(["a"]);
    const consumer = recordingFunction();
    const running = start({ enabled: false }, { invoke: consumer.invoke });
    await running.started();
    await running.idle();
    expect(consumer.calls).to.deep.equal([]);
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
