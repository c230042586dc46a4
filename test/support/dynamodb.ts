import { type DynamoDbLocal, startDynamoDbLocal } from "../../local/engine/world/dynamodb-local.ts";

let running: Promise<DynamoDbLocal> | undefined;

/** The DynamoDB Local that all test files of a run share; started when first asked for, ended by the root hook. Use table names of your own. */
export function sharedDynamoDb(): Promise<DynamoDbLocal> {
  running ??= startDynamoDbLocal();
  return running;
}

/** Ends the shared DynamoDB Local, if it was ever started. */
export async function stopSharedDynamoDb(): Promise<void> {
  await (await running)?.stop();
  running = undefined;
}
