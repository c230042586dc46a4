import type { Engine } from "../engine.ts";
import { readOutputs } from "./outputs.ts";

/** What somebody needs to use the stack that is kept running: its addresses, and an example to paste into another shell. */
export function invitation(engine: Engine): string {
  const { table, destinations } = readOutputs(engine.outputs);
  const variables = Object.entries(engine.environment).map(([name, value]) => `export ${name}=${value}`);
  const sinks = Object.entries(destinations).flatMap(([name, { kind, failureQueue, sink }]) => [
    `${name} (${kind})`,
    ...Object.entries(sink).map(([what, value]) => `  ${what}: ${value}`),
    `  failureQueue: ${failureQueue}`,
  ]);
  return `
The stack keeps running. Any AWS SDK or the AWS CLI reaches it with these variables:

${variables.join("\n")}

Table: ${table}
${sinks.join("\n")}

To write a change of your own, paste the variables and then this into another shell, in this folder:

npx -y node --input-type=module -e '
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
const Item = { id: { S: "mine" }, Title: { S: "A film of my own" } };
await new DynamoDBClient().send(new PutItemCommand({ TableName: "${table}", Item }));
'

Ctrl-C ends it and leaves nothing behind.
`;
}
