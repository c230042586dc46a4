import { DeleteItemCommand, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { DeleteObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { keyHash } from "../../../handlers/core/key-and-version.ts";
import { parseArguments } from "../../../local/demo/arguments.ts";
import { checkDestinations } from "../../../local/demo/check-destinations.ts";
import { allRight, report } from "../../../local/demo/report.ts";
import { run } from "../../../local/demo/run.ts";
import { connections, reconnect } from "../../../local/demo/verifiable-stack.ts";
import { type Engine, up } from "../../../local/engine/engine.ts";
import { drain } from "../../../operate/compare/messages.ts";
import { readOutputs } from "../../../operate/stack/outputs.ts";
import type { Progress } from "../../../terminal/progress.ts";
import { sharedDynamoDb } from "../../support/dynamodb.ts";
import { stacks } from "../../support/stacks.ts";

const silent: Progress = { step: (_label, work) => work(() => {}) };

describe("the demo with other stacks", () => {
  let engine: Engine | undefined;
  /** What the warehouse refuses is given up soon. */
  const mapping = { maximumRetryAttempts: 3 };

  afterEach(async () => {
    await engine?.down();
    engine = undefined;
  });

  async function demo(destinations: Record<string, unknown>, films: number) {
    const { endpoint } = await sharedDynamoDb();
    engine = await up({
      ...stacks,
      dynamoDbEndpoint: endpoint,
      timeScale: 0.01,
      config: { "fanout:destinations": destinations },
    });
    const result = await run(engine, parseArguments(["--films", String(films)]), silent);
    return { engine, result, outputs: readOutputs(engine.outputs) };
  }

  it("verifies destinations that share a consumer, and with it a failure queue", async function () {
    this.timeout(90_000);
    const { result } = await demo(
      { warehouse: { kind: "redshift", consumer: "both", mapping }, copy: { kind: "replica", consumer: "both" } },
      20,
    );
    expect(result.destinations.map(({ name, problems }) => [name, problems])).to.deep.equal([
      ["warehouse", []],
      ["copy", []],
    ]);
    expect(result.destinations.map(({ failureMessages }) => failureMessages)).to.deep.equal([1, 1]);
    expect(report(result, Number.POSITIVE_INFINITY)).to.contain("warehouse and copy share a consumer");
    expect(result.cost.consumers.map(({ destinations }) => destinations)).to.deep.equal([["warehouse", "copy"]]);
    expect(result.cost.loads.map(({ destination, interval }) => [destination, interval])).to.deep.equal([
      ["warehouse", 900],
    ]);
  });

  it("expects what the filters let through, and no more", async function () {
    this.timeout(90_000);
    const filters = [{ eventName: ["INSERT", "REMOVE"] }];
    const { result } = await demo({ events: { kind: "sqs", filters }, copy: { kind: "replica", filters } }, 40);
    expect(result.destinations.map(({ name, problems }) => [name, problems])).to.deep.equal([
      ["events", []],
      ["copy", []],
    ]);
    expect(report(result, 160))
      .to.match(/ exact\n\ncost /)
      .and.to.not.contain("\n\n\n");
    const { changes, arrived } = result.destinations[0]!;
    expect(changes).to.be.within(40, result.changes - 1);
    expect(arrived).to.equal(`${changes} messages, 1 in S3`);
  });

  it("says so where the filters let nothing through, instead of calling that exact", async function () {
    this.timeout(90_000);
    const filters = [{ dynamodb: { NewImage: { noFilmHasIt: { S: [{ exists: true }] } } } }];
    const { result } = await demo({ events: { kind: "sqs", filters }, copy: { kind: "replica" } }, 20);
    const [quiet] = result.destinations;
    expect([quiet!.changes, quiet!.arrived, quiet!.problems]).to.deep.equal([0, "0 messages", []]);
    const lines = report(result, 160).split("\n");
    const cells = (name: string) => lines.find((line) => line.startsWith(`${name} `))!.split(/ {2,}/);
    expect([cells("events").at(-1), cells("copy").at(-1)]).to.deep.equal(["nothing", "exact"]);
    expect(lines).to.include(`No change of this run passed the filters of events, so there was nothing to compare.`);
    expect(lines.at(-1)).to.equal("Every destination holds exactly what it should; for events that is nothing.");
    expect(allRight(result)).to.equal(true);
  });

  it("sees what is wrong", async function () {
    this.timeout(90_000);
    const kinds = { warehouse: { kind: "redshift", mapping }, events: { kind: "sqs" }, copy: { kind: "replica" } };
    const { engine, result, outputs } = await demo(kinds, 20);
    const { clients, redshift } = engine;
    const { tableName: TableName } = outputs.destinations.copy!.sink;
    const { Items = [] } = await clients.dynamodb.send(
      new ScanCommand({
        TableName,
        FilterExpression: "attribute_not_exists(#e)",
        ExpressionAttributeNames: { "#e": "_fanout_expires" },
      }),
    );
    const [first, second] = Items;
    await clients.dynamodb.send(new DeleteItemCommand({ TableName, Key: { id: first!.id! } }));
    await clients.dynamodb.send(new PutItemCommand({ TableName, Item: { ...second, Title: { S: "Another title" } } }));
    const { changeLog } = outputs.destinations.warehouse!.sink;
    const [row] = await redshift!.query(`SELECT event_id FROM ${changeLog} WHERE operation = 'MODIFY' LIMIT 1`);
    await redshift!.execute(`UPDATE ${changeLog} SET old_image = NULL WHERE event_id = '${row!.event_id}'`);

    const { claimBucket: Bucket } = outputs.destinations.warehouse!.sink;
    const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket, Prefix: "claims/" }));
    expect(Contents).to.have.length(1);
    await clients.s3.send(new DeleteObjectCommand({ Bucket, Key: Contents[0]!.Key! }));
    const { queueUrl: QueueUrl, claimBucket } = outputs.destinations.events!.sink;
    const place = { bucket: claimBucket, key: Contents[0]!.Key!, bytes: 1 };
    for (const [eventId, claimCheck] of Object.entries({ wrong: place, lost: { ...place, key: "claims/none" } })) {
      const MessageBody = JSON.stringify({ eventId, operation: "INSERT", version: "1", keyHash: eventId, claimCheck });
      await clients.sqs.send(
        new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId: eventId, MessageDeduplicationId: eventId }),
      );
    }

    // As if nobody had mended the warehouse: then a refused change has to wait.
    const feeder = outputs.destinations.warehouse!.function;
    const { maxStringBytes, ...settings } = connections(engine, feeder).warehouse!.settings;
    expect(maxStringBytes).to.equal(16_000_000);
    await reconnect(engine, feeder, "warehouse", settings);
    const key = keyHash({ id: second!.id! });
    const checked = await checkDestinations(engine, outputs, { longString: key });
    const problems = Object.fromEntries(checked.map(({ name, problems }) => [name, problems.join("\n")]));
    expect(problems.copy).to.match(/lacks the item with key hash [0-9a-f]{64}/);
    expect(problems.copy).to.match(/differs in the item with key hash [0-9a-f]{64}/);
    expect(problems.warehouse).to.contain(`lacks the change of key hash ${key}, which had to be refused`);
    expect(problems.warehouse).to.contain(`differs in the change with event id ${row!.event_id}`);
    expect(problems.warehouse).to.contain(`a row points to s3://${Bucket}/${Contents[0]!.Key}, which is not there`);
    expect(problems.events).to.contain("the message with event id wrong says other things than the body it points to");
    expect(problems.events).to.contain(
      `the message with event id lost points to s3://${claimBucket}/claims/none, which is not there`,
    );
    // The first verification took the messages.
    expect(problems.events).to.match(/lacks the change with event id [0-9a-f]+/);
    expect(await drain(clients.sqs, outputs.destinations.events!.sink.queueUrl!)).to.deep.equal([]);
    const wrong = { ...result, destinations: checked };
    expect(allRight(wrong)).to.equal(false);
    expect(report(wrong, Number.POSITIVE_INFINITY)).to.match(/WRONG/).and.to.contain("copy: lacks the item");
    expect(report(wrong, Number.POSITIVE_INFINITY)).to.not.contain("bytes, which a warehouse refuses");
  });
});
