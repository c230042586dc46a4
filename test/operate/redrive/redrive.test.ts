import { DeleteItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { GetQueueAttributesCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { checkDestinations } from "../../../local/demo/check-destinations.ts";
import { type Engine, up } from "../../../local/engine/engine.ts";
import type { FaultHook } from "../../../local/engine/gateway/faults.ts";
import { redrive as redriveTarget } from "../../../operate/redrive/redrive.ts";
import { nothingLeft, type StillFailing } from "../../../operate/redrive/result.ts";
import { readOutputs } from "../../../operate/stack/outputs.ts";
import { onThisMachine } from "../../../operate/stack/running.ts";
import type { Progress } from "../../../terminal/progress.ts";
import { sharedDynamoDb } from "../../support/dynamodb.ts";

const silent: Progress = { step: (_, work) => work(() => {}) };

/** Gives up at once: what is down for a second goes to the failure queue. */
const impatient = {
  mapping: { maximumRetryAttempts: 0, bisectBatchOnFunctionError: false, batchSize: 5 },
  function: { timeout: 1 },
};

describe("a redrive", () => {
  let engine: Engine;
  /** Which of the functions' operations find their service unavailable. */
  const out = new Set<string>();
  /** Which calls are refused, as never to be carried out. */
  let refused: FaultHook = () => undefined;

  const start = async (destinations: object) => {
    const { endpoint } = await sharedDynamoDb();
    engine = await up({
      dynamoDbEndpoint: endpoint,
      timeScale: 0.01,
      config: { destinations },
      faults: (call) => {
        if (call.principal.kind !== "function") return undefined;
        const error = { status: 503, code: "ServiceUnavailable", message: "not now" };
        return out.has(call.operation) ? { kind: "error", error } : refused(call);
      },
    });
  };

  afterEach(async () => {
    out.clear();
    refused = () => undefined;
    await engine?.down();
  });

  const put = (id: string, more = {}) => {
    const Item = { id: { S: id }, ...more };
    return engine.clients.dynamodb.send(new PutItemCommand({ TableName: tableOf(engine), Item }));
  };
  const remove = (id: string) =>
    engine.clients.dynamodb.send(new DeleteItemCommand({ TableName: tableOf(engine), Key: { id: { S: id } } }));
  const redrive = (options = {}) => redriveTarget(onThisMachine(engine, "dev"), options, silent);
  const problems = async () =>
    Object.fromEntries(
      (await checkDestinations(engine, readOutputs(engine.outputs))).map((one) => [one.name, one.problems]),
    );
  /** Some keys, each written several times, one deleted, one deleted and there again, one expired. */
  const write = async (prefix: string) => {
    for (let round = 0; round < 3; round++)
      for (const key of ["a", "b", "c", "d"]) await put(`${prefix}-${key}`, { round: { N: String(round) } });
    await remove(`${prefix}-b`);
    await remove(`${prefix}-c`);
    await put(`${prefix}-c`, { again: { BOOL: true } });
    await put(`${prefix}-e`, { expiresAt: { N: String(Math.floor(Date.now() / 1000) - 60) } });
    await engine.expire();
  };

  it("brings everything back once the destinations are mended: log, view, queue and replica are exact", async function () {
    this.timeout(90_000);
    await start({
      warehouse: { kind: "redshift", ...impatient },
      events: { kind: "sqs", ...impatient },
      copy: { kind: "replica", ...impatient },
    });
    await write("first");
    await engine.idle();
    for (const operation of ["PutRecordBatch", "SendMessageBatch", "PutItem"]) out.add(operation);
    await write("second");
    await engine.idle();
    out.clear();
    await write("third");
    await engine.idle();

    const looked = await redrive({ dryRun: true });
    expect(looked.consumers.map(({ destinations, redriven }) => [destinations, redriven])).to.deep.equal([
      [["warehouse"], 17],
      [["events"], 17],
      [["copy"], 17],
    ]);
    expect(nothingLeft(looked)).to.equal(false);

    const { consumers } = await redrive();
    for (const consumer of consumers) {
      expect(consumer.messages).to.be.at.least(4);
      expect(consumer).to.deep.include({
        ...{ redriven: 17, filteredOut: 0, stillFailing: [], trimmed: [], notUnderstood: [], left: 0 },
      });
    }
    await engine.idle();
    expect(await problems()).to.deep.equal({ warehouse: [], events: [], copy: [] });
  });

  it("makes a replica equal the source whose table was unavailable for longer than the retries allow", async () => {
    const patient = { maximumRetryAttempts: 1, batchSize: 10 };
    await start({ copy: { kind: "replica", mapping: patient, function: { timeout: 1 } } });
    await put("a", { n: { N: "0" } });
    await put("gone", {});
    await engine.idle();
    out.add("PutItem");
    await put("a", { n: { N: "1" } });
    await remove("gone");
    await put("b");
    await engine.idle();
    out.clear();
    await put("a", { n: { N: "2" } });
    await engine.idle();
    expect((await problems()).copy).to.not.deep.equal([]);

    const result = await redrive();
    expect(nothingLeft(result)).to.equal(true);
    expect(result.consumers[0]).to.include({ messages: 3, redriven: 3 });
    expect(await problems()).to.deep.equal({ copy: [] });
    expect((await redrive()).consumers[0]).to.include({ messages: 0, redriven: 0, left: 0 });
  });

  it("keeps the message of what fails again, says why, and lets nothing else wait for it", async () => {
    await start({ copy: { kind: "replica", ...impatient } });
    out.add("PutItem");
    for (const id of ["a", "bad", "b", "c", "d", "e"]) await put(id);
    await engine.idle();
    out.clear();
    refused = ({ body }) =>
      body.includes('"bad"')
        ? { kind: "error", error: { status: 400, code: "ValidationException", message: "too odd" } }
        : undefined;
    const [first] = (await redrive()).consumers;
    expect(first).to.deep.include({ redriven: 5, trimmed: [], notUnderstood: [], left: 1 });
    expect(first!.messages).to.be.at.least(2);
    const [{ first: sequenceNumber, ...failing }] = first!.stillFailing as readonly [StillFailing];
    expect(failing).to.deep.equal({
      destination: "copy",
      reason: "DynamoDB: ValidationException: too odd",
      records: 1,
    });
    expect(sequenceNumber).to.match(/^\d+$/);

    refused = () => undefined;
    expect((await redrive()).consumers[0]).to.deep.include({ messages: 1, stillFailing: [], left: 0 });
    expect(await problems()).to.deep.equal({ copy: [] });
  });

  it("re-applies the mapping's filter, and sends the records of one consumer to all that share it", async () => {
    const filters = [{ dynamodb: { NewImage: { kind: { S: ["film"] } } } }, { eventName: ["REMOVE"] }];
    const shared = { consumer: "both", filters, ...impatient };
    await start({ copy: { kind: "replica", ...shared }, other: { kind: "replica", ...shared } });
    out.add("PutItem");
    for (let i = 0; i < 6; i++) await put(`film-${i}`, { kind: { S: i % 2 === 0 ? "film" : "book" } });
    await engine.idle();
    out.clear();
    const { consumers } = await redrive({ destination: "other" });
    expect(consumers).to.have.length(1);
    expect(consumers[0]).to.deep.include({ destinations: ["copy", "other"], redriven: 3, left: 0 });
    expect(consumers[0]!.filteredOut).to.be.within(0, 2);
    expect(await problems()).to.deep.equal({ copy: [], other: [] });
    expect((await redrive({ destination: "nowhere" }).catch((error) => error)).message).to.equal(
      "--destination nowhere: the stack has no such destination; it has copy, other.",
    );
  });

  it("leaves alone what it does not understand, and what the stream has lost, until it is told to discard it", async () => {
    await start({ copy: { kind: "replica", ...impatient } });
    await put("a");
    await engine.idle();
    const { stream, destinations } = engine.outputs as { stream: string; destinations: { copy: Destination } };
    const { failureQueue, function: name } = destinations.copy;
    const send = async (body: string) => {
      const command = new SendMessageCommand({ QueueUrl: failureQueue, MessageBody: body });
      return (await engine.clients.sqs.send(command)).MessageId!;
    };
    const foreign = await send("hello");
    const lost = await send(JSON.stringify(failure(stream, name)));
    const [result] = (await redrive()).consumers;
    expect(result).to.deep.include({ messages: 2, redriven: 0, left: 2 });
    expect(result!.notUnderstood).to.deep.equal([{ messageId: foreign, problem: "it is not JSON" }]);
    expect(result!.trimmed).to.deep.equal([
      {
        ...{ messageId: lost, shardId: "shardId-gone", first: "1".repeat(21), last: "2".repeat(21), records: 3 },
        arrived: ["2026-01-01T00:00:00Z", "2026-01-01T00:00:02Z"],
      },
    ]);
    expect(await waiting(failureQueue)).to.deep.equal(["2", "0"]);

    const [discarded] = (await redrive({ discard: [lost] })).consumers;
    expect(discarded).to.deep.include({ discarded: 1, trimmed: [], left: 1 });
    expect(await waiting(failureQueue)).to.deep.equal(["1", "0"]);
    const error = await redrive({ discard: ["no such id"] }).catch((reason) => reason);
    expect(error.message).to.equal("--discard: 0 of 1 messages are in the failure queue; the rest was done.");
  });

  it("releases what it holds when it is interrupted", async () => {
    await start({ copy: { kind: "replica", ...impatient } });
    out.add("PutItem");
    await put("a");
    await engine.idle();
    const stop = new AbortController();
    const pressed: Progress = {
      step: (_, work) => {
        stop.abort(new Error("pressed"));
        return work(() => {});
      },
    };
    const error = await redriveTarget(onThisMachine(engine, "dev"), { signal: stop.signal }, pressed).catch((e) => e);
    expect(error.message).to.equal("pressed");
    const { destinations } = engine.outputs as { destinations: { copy: Destination } };
    expect(await waiting(destinations.copy.failureQueue)).to.deep.equal(["1", "0"]);
  });

  interface Destination {
    readonly failureQueue: string;
    readonly function: string;
  }

  /** How many messages of a queue can be seen, and how many are held. */
  const waiting = async (QueueUrl: string) => {
    const AttributeNames = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] });
    const { Attributes } = await engine.clients.sqs.send(command);
    return AttributeNames.map((name) => Attributes?.[name]);
  };
});

function tableOf(engine: Engine): string {
  return String(engine.outputs.table);
}

/** A failure message about records that no stream has. */
function failure(streamArn: string, functionName: string) {
  return {
    requestContext: {
      requestId: "r",
      functionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
      condition: "RetryAttemptsExhausted",
      approximateInvokeCount: 2,
    },
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    version: "1.0",
    timestamp: "2026-01-01T00:00:03.000Z",
    DDBStreamBatchInfo: {
      shardId: "shardId-gone",
      startSequenceNumber: "1".repeat(21),
      endSequenceNumber: "2".repeat(21),
      approximateArrivalOfFirstRecord: "2026-01-01T00:00:00Z",
      approximateArrivalOfLastRecord: "2026-01-01T00:00:02Z",
      batchSize: 3,
      streamArn,
    },
  };
}
