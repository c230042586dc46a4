import { type AttributeValue, DeleteItemCommand, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { GetTopicAttributesCommand, ListSubscriptionsByTopicCommand, ListTopicsCommand } from "@aws-sdk/client-sns";
import { DeleteMessageBatchCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { type Engine, type Progress, up } from "../../../local/engine/engine.ts";
import { sharedDynamoDb } from "../../support/dynamodb.ts";
import { stacks } from "../../support/stacks.ts";

type Item = Record<string, AttributeValue>;
type Json = Record<string, unknown>;

interface Outputs {
  readonly table: string;
  readonly destinations: Record<string, { readonly failureQueue: string; readonly sink: Record<string, string> }>;
}

describe("the dev stack on this machine", () => {
  let engine: Engine;
  let outputs: Outputs;
  before(async function () {
    this.timeout(60_000);
    const { endpoint } = await sharedDynamoDb();
    engine = await up({ ...stacks, dynamoDbEndpoint: endpoint });
    outputs = engine.outputs as unknown as Outputs;
  });
  after(() => engine?.down());

  const sink = (name: string) => outputs.destinations[name]?.sink ?? {};
  const scan = async (TableName: string | undefined) =>
    ((await engine.clients.dynamodb.send(new ScanCommand({ TableName }))).Items ?? []) as Item[];

  /** What a JSON text of the image says, with binaries as base64. */
  const typed = (image: unknown): unknown =>
    JSON.parse(
      JSON.stringify(image, (_, value) => {
        const bytes = value?.type === "Buffer" ? value.data : value instanceof Uint8Array ? value : undefined;
        return bytes === undefined ? value : Buffer.from(bytes).toString("base64");
      }),
    );
  const byId = (images: readonly unknown[]) =>
    new Map(images.map((image) => [((image as Json).id as { S: string }).S, typed(image)]));

  async function messages(QueueUrl: string): Promise<Json[]> {
    const bodies: Json[] = [];
    for (;;) {
      const { Messages = [] } = await engine.clients.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return bodies;
      bodies.push(...Messages.map(({ Body = "" }) => JSON.parse(Body)));
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await engine.clients.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
  }

  it("delivers every change to all three destinations, exactly", async function () {
    this.timeout(60_000);
    const { dynamodb } = engine.clients;
    const put = (id: string, more: Item = {}) =>
      dynamodb.send(new PutItemCommand({ TableName: outputs.table, Item: { id: { S: id }, ...more } }));
    const remove = (id: string) =>
      dynamodb.send(new DeleteItemCommand({ TableName: outputs.table, Key: { id: { S: id } } }));
    await put("plain", { title: { S: "first" } });
    await put("plain", { title: { S: "second" } });
    await put("gone");
    await remove("gone");
    await put("back");
    await remove("back");
    await put("back", { again: { BOOL: true } });
    await put("over", { expiresAt: { N: "1790000000" } });
    await put("hard", {
      big: { N: "12345678901234567890123456789012345678" },
      numbers: { NS: ["1.5", "-0.000000000000000000000000000000001"] },
      bytes: { B: Uint8Array.of(0, 255, 10) },
      several: { BS: [Uint8Array.of(1), Uint8Array.of(2)] },
      nested: { M: { list: { L: [{ NULL: true }, { M: {} }, { S: "" }] } } },
      text: { S: '\uffff 🎬 \u0001 " \\ \n' },
      empty: { S: "" },
    });
    // Close to 400 KB, twice: its last change carries both images. No string is longer than Redshift's SUPER takes.
    const large = (letter: string): Item =>
      Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`part${i}`, { S: letter.repeat(65_000) }]));
    await put("large", large("a"));
    await put("large", large("b"));
    expect(await engine.expire(1_790_000_001_000)).to.include({ [outputs.table]: 1 });
    await engine.idle();

    const source = byId(await scan(outputs.table));
    expect([...source.keys()].sort()).to.deep.equal(["back", "hard", "large", "plain"]);

    const copies = (await scan(sink("copy").tableName)).filter((item) => item._fanout_expires === undefined);
    expect(byId(copies.map(({ _fanout_version, ...item }) => item))).to.deep.equal(source);

    const { changeLog, currentView } = sink("warehouse");
    const current = await engine.redshift!.query(`SELECT new_image FROM ${currentView}`);
    expect(byId(current.map((row) => row.new_image))).to.deep.equal(source);
    const expired = await engine.redshift!.query(`SELECT operation, keys FROM ${changeLog} WHERE expired`);
    expect(expired).to.deep.equal([{ operation: "REMOVE", keys: { id: { S: "over" } } }]);

    const replayed = new Map<string, unknown>();
    const largeBefore: unknown[] = [];
    for (const { keys, before, after } of await messages(sink("events").queueUrl ?? "")) {
      const id = (keys as { id: { S: string } }).id.S;
      if (id === "large") largeBefore.push(before);
      if (after === undefined) replayed.delete(id);
      else replayed.set(id, after);
    }
    expect(replayed).to.deep.equal(source);
    const before = { id: { S: "large" }, ...large("a") };
    expect(largeBefore).to.deep.equal([undefined, before]);
    const [row] = await engine.redshift!.query(
      `SELECT old_image FROM ${changeLog} WHERE operation = 'MODIFY' AND keys->'id'->>'S' = 'large'`,
    );
    expect(row).to.deep.equal({ old_image: before });

    for (const { failureQueue } of Object.values(outputs.destinations))
      expect(await messages(failureQueue)).to.deep.equal([]);
  });
});

describe("the dev stack with alarms on this machine", () => {
  let engine: Engine | undefined;
  afterEach(() => engine?.down());

  it("comes up with its alarms and a topic that would tell a person", async function () {
    this.timeout(60_000);
    const { endpoint } = await sharedDynamoDb();
    const types: string[] = [];
    const problems: string[] = [];
    engine = await up({
      ...stacks,
      dynamoDbEndpoint: endpoint,
      config: { "fanout:alarms": { email: "a@example.com" } },
      onProgress: (event: Progress) => void (event.kind === "resource" && types.push(event.type)),
      onProblem: (text) => void problems.push(text),
    });
    expect(problems).to.deep.equal([]);
    expect(types.filter((type) => type === "aws:sns/topic:Topic")).to.have.length(1);
    expect(types.filter((type) => type === "aws:cloudwatch/metricAlarm:MetricAlarm")).not.to.be.empty;
    const { sns } = engine.clients;
    const [topic] = (await sns.send(new ListTopicsCommand({}))).Topics!;
    const { TopicArn } = topic!;
    expect((await sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes?.TopicArn).to.equal(TopicArn);
    const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(Subscriptions?.map(({ Protocol, Endpoint }) => [Protocol, Endpoint])).to.deep.equal([
      ["email", "a@example.com"],
    ]);
  });
});
