import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type DynamoDbLocal, startDynamoDbLocal } from "../../local/engine/world/dynamodb-local.ts";

/**
 * What the processes of one test run have in common. Test files run in several processes at a time; the one that started
 * them answers at the address in this variable.
 */
const variable = "FANOUT_TEST_RUN";

const figures: string[] = [];
let dynamoDb: Promise<DynamoDbLocal> | undefined;
let server: Server | undefined;

/** Starts to answer the run's processes, which inherit the address. */
export async function startCommon(): Promise<void> {
  server = createServer((request, response) => {
    answer(request).then(
      (body) => response.end(body),
      (error) => response.writeHead(500).end(String(error.message)),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  process.env[variable] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Ends what was started for the run. */
export async function stopCommon(): Promise<void> {
  server?.close();
  server?.closeAllConnections();
  await (await dynamoDb?.catch(() => undefined))?.stop(); // the test that asked for it has had the error
}

/** Everything that was measured in this run, in the order of arrival; undefined if nothing was. */
export function allFigures(): string | undefined {
  return figures.length === 0 ? undefined : figures.join("\n\n");
}

/** Asks the process that started the run. */
export async function ask(what: "dynamodb" | "figures", body?: string): Promise<string> {
  const response = await fetch(`${process.env[variable]}/${what}`, { method: "POST", ...(body && { body }) });
  const answered = await response.text();
  if (!response.ok) throw new Error(answered);
  return answered;
}

async function answer(request: IncomingMessage): Promise<string> {
  const body = await text(request);
  if (request.url === "/figures") {
    figures.push(body);
    return "";
  }
  dynamoDb ??= startDynamoDbLocal();
  return (await dynamoDb).endpoint;
}
