import { ask } from "./common.ts";

let endpoint: Promise<string> | undefined;

/** The DynamoDB Local that all test files of a run share; started when first asked for, ended with the run. Use table names of your own. */
export async function sharedDynamoDb(): Promise<{ readonly endpoint: string }> {
  endpoint ??= ask("dynamodb");
  return { endpoint: await endpoint };
}
