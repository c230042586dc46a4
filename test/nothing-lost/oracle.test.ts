import { PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import fc from "fast-check";
import { imageJson } from "../../handlers/core/image-json.ts";
import { streamChanges } from "../../operate/compare/stream.ts";
import { FailureQueue } from "../../operate/redrive/failure-queue.ts";
import { redrive as redriveTool } from "../../operate/redrive/redrive.ts";
import { type Outputs, readOutputs } from "../../operate/stack/outputs.ts";
import { onThisMachine } from "../../operate/stack/running.ts";
import type { Progress } from "../../terminal/progress.ts";
import { sharedDynamoDb } from "../support/dynamodb.ts";
import { sharedRedshift } from "../support/redshift.ts";
import type { Case, Destination, Step } from "./case.ts";
import { cases } from "./cases.ts";
import type { Redrive } from "./redrive.ts";
import { type Ran, type RunOptions, runCase } from "./run-case.ts";
import { search } from "./search.ts";

const silent: Progress = { step: (_, work) => work(() => {}) };

const put = (key: number): Step => ({ do: "put", key, value: { is: "plain" } });

function caseOf(destination: Destination, steps: readonly Step[]): Case {
  const mapping = {
    batchSize: 10,
    maximumBatchingWindowInSeconds: 0,
    parallelizationFactor: 1,
    maximumRetryAttempts: 0,
    bisectBatchOnFunctionError: true,
  };
  return {
    table: { hash: "S", view: "NEW_AND_OLD_IMAGES" },
    consumers: [{ destinations: [destination], mapping, function: { timeout: 2 } }],
    steps,
    faults: { seed: 1, rules: [] },
  };
}

describe("the search for lost changes", () => {
  async function found(one: Case, options: RunOptions = {}): Promise<Ran> {
    const { endpoint } = await sharedDynamoDb();
    const needsWarehouse = one.consumers.some(({ destinations }) =>
      destinations.some(({ kind }) => kind === "redshift"),
    );
    const redshift = needsWarehouse ? { redshift: await sharedRedshift() } : {};
    return runCase(one, { dynamoDbEndpoint: endpoint, ...redshift }, options);
  }

  const sinkOf = ({ destinations }: Outputs) => Object.values(destinations)[0]!.sink;

  it("finds nothing where nothing is wrong, and says what was given up", async () => {
    const steps: Step[] = [put(0), { do: "put", key: 1, value: { is: "reserved" } }, { do: "remove", key: 0 }, put(2)];
    const { problems, changes, failureMessages, covered } = await found(caseOf({ kind: "replica" }, steps));
    expect(problems).to.deep.equal([]);
    expect(changes).to.have.length(4);
    expect(failureMessages).to.equal(1);
    expect(covered["replica-0-0"]?.map(({ version }) => version)).to.deep.equal([changes[1]!.version]);
  });

  it("sees an item of a replica that went back to an older version", async () => {
    const { problems } = await found(caseOf({ kind: "replica" }, [put(0), put(0)]), {
      tamper: async ({ clients }, outputs) => {
        const { tableName: TableName } = sinkOf(outputs);
        const { Items = [] } = await clients.dynamodb.send(new ScanCommand({ TableName }));
        await clients.dynamodb.send(new PutItemCommand({ TableName, Item: { ...Items[0], write: { N: "0" } } }));
      },
    });
    expect(problems.join("\n")).to.match(/^replica-0-0: differs in the item with key hash [0-9a-f]{64}$/);
  });

  it("sees a key that is behind but shows what it never was", async () => {
    const refused: Step[] = [put(0), { do: "put", key: 0, value: { is: "reserved" } }];
    const one = caseOf({ kind: "replica" }, refused);
    expect((await found(one)).problems).to.deep.equal([]);
    const { problems } = await found(one, {
      tamper: async ({ clients }, outputs) => {
        const { tableName: TableName } = sinkOf(outputs);
        const { Items = [] } = await clients.dynamodb.send(new ScanCommand({ TableName }));
        await clients.dynamodb.send(new PutItemCommand({ TableName, Item: { ...Items[0], write: { N: "7" } } }));
      },
    });
    expect(problems.join("\n")).to.match(
      /^replica-0-0: differs from change \d+ of key hash [0-9a-f]{64}, which it claims/,
    );
  });

  it("sees an older version that comes after a newer one in a FIFO queue", async () => {
    const one = caseOf({ kind: "sqs", fifo: true, images: "typed" }, [put(0), put(0)]);
    const { problems } = await found(one, {
      tamper: async ({ clients }, outputs) => {
        const QueueUrl = sinkOf(outputs).queueUrl;
        const [item] = (await clients.dynamodb.send(new ScanCommand({ TableName: outputs.table }))).Items ?? [];
        const { keyHash } = await import("../../handlers/core/key-and-version.ts");
        const hash = keyHash({ hash: item!.hash! });
        const old = { eventId: "old", operation: "MODIFY", version: "1", keyHash: hash, before: {}, after: {} };
        const ids = { MessageGroupId: hash, MessageDeduplicationId: "old" };
        await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(old), ...ids }));
      },
    });
    expect(problems.join("\n")).to.contain("1 message came after a newer one of the same key");
  });

  it("sees a row that is missing from the change log", async () => {
    const one = caseOf({ kind: "redshift", images: "typed" }, [put(0), put(1)]);
    const { problems } = await found(one, {
      tamper: async ({ redshift }, outputs) => {
        await redshift!.execute(
          `DELETE FROM ${sinkOf(outputs).changeLog} WHERE key_hash = (SELECT MIN(key_hash) FROM ${sinkOf(outputs).changeLog})`,
        );
      },
    });
    expect(problems.join("\n"))
      .to.match(/lacks the change with event id/)
      .and.to.match(/lacks the item with key hash/);
  });

  /** The second change is lost in a crash; nothing is wrong with it. */
  const crashed: Case = {
    ...caseOf({ kind: "sqs", fifo: true, images: "plain" }, [
      put(0),
      { do: "settle" },
      put(0),
      { do: "settle" },
      put(0),
    ]),
    faults: { seed: 1, rules: [{ fault: "crash", during: { from: 2, calls: 1 } }] },
  };

  it("redrives what was given up, and checks again", async () => {
    const { problems, failureMessages, redriven, covered, changes } = await found(crashed);
    expect(problems).to.deep.equal([]);
    expect({ failureMessages, redriven }).to.deep.equal({ failureMessages: 1, redriven: 1 });
    expect(covered).to.deep.equal({ "sqs-0-0": [changes[1]] });
  });

  it("sees a redrive that brings nothing back, whatever it says", async () => {
    const redrive: Redrive = (engine) => redriveTool(onThisMachine(engine, "dev"), { dryRun: true }, silent);
    const { changes, problems } = await found(crashed, { redrive });
    expect(problems).to.deep.equal([
      "after a redrive: the redrive of sqs-0-0 left a failure message that covers nothing that is refused; still failing: nothing",
      "after a redrive: the redrive of sqs-0-0 left 1 messages, and says that nothing fails",
      `after a redrive: sqs-0-0: lacks the change with event id ${changes[1]?.eventId}`,
    ]);
  });

  /** Deletes all failure messages, and nothing else. */
  const discardAll: Redrive = async (engine) => {
    const target = onThisMachine(engine, "dev");
    const queue = await FailureQueue.receiveAll(target.clients.sqs, target.consumers[0]!.queueUrl, 0);
    const discard = queue.messages.map(({ id }) => id);
    await queue.release();
    return redriveTool(target, { discard }, silent);
  };

  it("sees a redrive that deletes a message without having delivered its changes", async () => {
    const { changes, problems } = await found(crashed, { redrive: discardAll });
    expect(problems).to.deep.equal([`after a redrive: sqs-0-0: lacks the change with event id ${changes[1]?.eventId}`]);
  });

  it("sees an older version that a redrive brings without saying so", async () => {
    const redrive: Redrive = async (engine) => {
      const { streams, sqs } = engine.clients;
      const changes = await streamChanges(streams, engine.mappings.values().next().value!.streamArn);
      const { eventId, operation, version, keyHash, ...images } = changes[1]!;
      const [before, after] = [images.before, images.after].map((image) => imageJson(image!, "plain"));
      const { queueUrl: QueueUrl } = sinkOf(readOutputs(engine.outputs));
      const MessageBody = JSON.stringify({ eventId, operation, version, keyHash, before, after });
      const ids = { MessageGroupId: keyHash, MessageDeduplicationId: eventId };
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...ids }));
      return discardAll(engine);
    };
    expect((await found(crashed, { redrive })).problems).to.deep.equal([
      "after a redrive: sqs-0-0: 1 message came after a newer one of the same key",
    ]);
  });

  it("makes a case that fails as small as it can, and tells it as a history", async () => {
    // As if a key that is deleted and written again were lost, if only calls may be throttled.
    const run = async ({ steps, faults }: Case) => {
      const gone = steps.findIndex((step) => step.do === "remove");
      const back = gone >= 0 && steps.slice(gone).some((step) => step.do === "put");
      return { problems: back && faults.rules.length > 0 ? ["lost it"] : [] };
    };
    const { failure } = await search(cases({ warehouse: false }), run, { runs: 1000, seed: 1 });
    const lines = failure!.split("\n");
    const done = lines.slice(lines.indexOf("what was done:") + 1, lines.indexOf("what was found:"));
    expect(done).to.deep.equal([`    1  remove key 0 {"hash":"a"}`, `    2  put key 0 {"hash":"a"}, plain`]);
    expect(lines[0]).to.equal("table: hash key of type S, stream with NEW_AND_OLD_IMAGES");
    expect(lines[1]).to.match(
      /^consumer c0 feeds [^:]+: batches of 1, a window of 0 s, 1 at a time, 0 retries, bisecting, a timeout of 1 s$/,
    );
    expect(lines.slice(-4)).to.deep.equal(["what was found:", "  lost it", "", lines.at(-1)]);
    const [, seed, path] = /^Run it again with FANOUT_SEED=(\d+) FANOUT_PATH=([\d:]+)\.$/.exec(lines.at(-1)!)!;
    const again = await search(cases({ warehouse: false }), run, { runs: 1000, seed: Number(seed), path: path! });
    expect(again.failure?.split("\n").slice(0, -1)).to.deep.equal(lines.slice(0, -1));
  });

  it("takes a run that throws for one that fails", async () => {
    const run = () => Promise.reject(new Error("the mapping has failed"));
    const { failure } = await search(fc.constant(caseOf({ kind: "replica" }, [put(0)])), run, { runs: 1, seed: 1 });
    expect(failure).to.contain("the mapping has failed");
  });

  it("runs one case, however little time there is", async () => {
    const run = async () => ({ problems: [] });
    const searched = await search(cases({ warehouse: false }), run, { runs: 5, seed: 1, limit: 0 });
    expect(searched).to.deep.equal({ runs: 1 });
  });
});
