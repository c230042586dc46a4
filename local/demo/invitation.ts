import { readOutputs } from "../../operate/stack/outputs.ts";
import { keySchemaOf } from "../../operate/verify/source-items.ts";
import type { Engine } from "../engine/engine.ts";
import { variables } from "../run/variables.ts";

/** What somebody needs to use the stack that is kept running: its addresses, and an example to paste into another shell. */
export async function invitation(engine: Engine, stack: string): Promise<string> {
  const { table, destinations } = readOutputs(engine.outputs);
  const sinks = Object.entries(destinations).flatMap(([name, { kind, failureQueue, sink }]) => [
    `${name} (${kind})`,
    ...Object.entries(sink).map(([what, value]) => `  ${what}: ${value}`),
    `  failureQueue: ${failureQueue}`,
  ]);
  const keySchema = await keySchemaOf(engine.clients.dynamodb, table);
  const sample = { S: { S: "mine" }, N: { N: "1" }, B: { B: "bWluZQ==" } };
  const key = Object.fromEntries(keySchema.map(({ name, type }) => [name, sample[type]]));
  const item = JSON.stringify({ ...key, Title: { S: "A film of my own" } });
  const queue = Object.values(destinations).find(({ kind }) => kind === "sqs")?.sink.queueUrl;
  return `
The stack keeps running. Any AWS SDK or the AWS CLI reaches it with these variables:

${variables(engine)}

Table: ${table}
${sinks.join("\n")}

To write a change of your own${queue ? " and see it arrive" : ""}, paste the variables and then this into another shell, in this folder:

npx node --input-type=module -e '
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
await new DynamoDBClient().send(new PutItemCommand({ TableName: "${table}", Item: ${item} }));
${queue ? receiving(queue) : ""}'

To bring back what lies in the failure queues, once you have mended what failed:

npm run redrive -- --stack ${stack} --local

Ctrl-C ends it and leaves nothing behind.
`;
}

function receiving(queueUrl: string): string {
  return `import { SQSClient, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
const from = { QueueUrl: "${queueUrl}", WaitTimeSeconds: 10 };
console.log((await new SQSClient().send(new ReceiveMessageCommand(from))).Messages);
`;
}
