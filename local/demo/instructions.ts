import { keySchemaOf } from "../../operate/compare/items.ts";
import { kindName } from "../../operate/kinds.ts";
import { readOutputs } from "../../operate/stack/outputs.ts";
import type { Engine } from "../engine/engine.ts";
import { kinds } from "../kinds.ts";
import { variables } from "../run/output.ts";

/** What a person needs to use the stack that is kept running: its addresses, and an example to paste into another shell. */
export async function instructions(engine: Engine, stack: string): Promise<string> {
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
  const examples = Object.values(destinations).flatMap(({ kind, sink }) => kinds[kindName(kind)].receive?.(sink) ?? []);
  const [receive] = examples;
  return `
The stack keeps running. Any AWS SDK or the AWS CLI reaches it with these variables:

${variables(engine)}

Table: ${table}
${sinks.join("\n")}

To write a change of your own${receive ? " and see it arrive" : ""}, paste the variables and then this into another shell, in this folder:

npx node --input-type=module -e '
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
await new DynamoDBClient().send(new PutItemCommand({ TableName: "${table}", Item: ${item} }));
${receive ?? ""}'

To bring back what lies in the failure queues, once you have mended what failed:

npm run redrive -- --stack ${stack} --local

Ctrl-C ends it and leaves nothing behind.
`;
}
