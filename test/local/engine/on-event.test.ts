import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { up } from "../../../local/engine/engine.ts";
import { sharedDynamoDb } from "../../support/dynamodb.ts";

const files = {
  "Pulumi.yaml": "name: orders\nruntime: nodejs\n",
  "package.json": JSON.stringify({ name: "orders", type: "module", dependencies: { polite: "1.0.0" } }),
  "index.ts": `
import { readFileSync } from "node:fs";
import * as aws from "@pulumi/aws";
import polite from "polite";
import { loud } from "./loud";

const greeting = readFileSync("greeting.txt", "utf8"); // beside Pulumi.yaml, as the Pulumi CLI has it
const queue = new aws.sqs.Queue("greetings");
const table = new aws.dynamodb.Table("orders", {
  attributes: [{ name: "id", type: "S" }],
  hashKey: "id",
  billingMode: "PAY_PER_REQUEST",
  streamEnabled: true,
  streamViewType: "NEW_IMAGE",
});
const queueUrl = queue.url;
table.onEvent(
  "greet",
  async (event: any) => {
    const { SQSClient, SendMessageCommand } = await import("@aws-sdk/client-sqs");
    for (const { dynamodb } of event.Records) {
      const MessageBody = polite.please(loud(greeting + dynamodb.Keys.id.S));
      await new SQSClient({}).send(new SendMessageCommand({ QueueUrl: queueUrl.get(), MessageBody }));
    }
  },
  { startingPosition: "TRIM_HORIZON", maximumRetryAttempts: 0 },
);
export const tableName = table.name;
export { queueUrl };
`,
  "greeting.txt": "hello ",
  "loud.ts": "export const loud = (text: string): string => text.toUpperCase();",
  // A package with a state of its own, which is required where the function runs and not copied into it.
  "node_modules/polite/index.js": 'const { word } = require("./word"); exports.please = (text) => [text, word].join();',
  "node_modules/polite/word.js": 'exports.word = "please";',
  "node_modules/polite/package.json": '{ "name": "polite", "version": "1.0.0", "exports": { ".": "./index.js" } }',
};

describe("a function that a program makes of a callback, as Pulumi's `table.onEvent` does", () => {
  let root: string;
  before(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "on-event-")));
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
  });
  after(() => rmSync(root, { recursive: true }));

  it("runs with the packages and files of the program's folder, in the role that Pulumi makes for it", async () => {
    const { endpoint } = await sharedDynamoDb();
    const here = process.cwd();
    const engine = await up({ root, dynamoDbEndpoint: endpoint, timeScale: 0.01 });
    try {
      expect(process.cwd()).to.equal(here);
      const { tableName, queueUrl } = engine.outputs as { tableName: string; queueUrl: string };
      const { dynamodb, sqs } = engine.clients;
      await dynamodb.send(new PutItemCommand({ TableName: tableName, Item: { id: { S: "tea" } } }));
      await engine.idle();
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
      expect(Messages.map(({ Body }) => Body)).to.deep.equal(["HELLO TEA,please"]);
      const { log } = [...engine.functions.values()][0]!;
      expect(log).to.deep.equal([]);
    } finally {
      await engine.down();
    }
  });
});
