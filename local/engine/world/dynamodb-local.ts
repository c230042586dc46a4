import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { UserError } from "../../../terminal/user-error.ts";
import { findLauncher, type Launcher } from "./dynamodb-local/launcher.ts";

/** A running DynamoDB Local: AWS's own emulator, with real streams. */
export interface DynamoDbLocal {
  /** Its address, such as `http://127.0.0.1:41234`. */
  readonly endpoint: string;
  /** Rejects with a UserError if it ends without having been stopped; settles in no other case. */
  readonly died: Promise<never>;
  /** Ends the process, and the container if there is one, and waits until it is gone. */
  stop(): Promise<void>;
}

export interface DynamoDbLocalOptions {
  /** How it is started. @default with Java 17 or newer, or else with Docker */
  readonly launcher?: Launcher;
  /** How long it may take to answer, in milliseconds. @default a minute with Java, ten with Docker, which may have to fetch the image */
  readonly limit?: number;
  /** Ends the attempt to start it; no effect later. */
  readonly signal?: AbortSignal;
}

/** Starts DynamoDB Local in memory, on a free port of the loopback interface. It ends with this process, however that ends. */
export async function startDynamoDbLocal(options: DynamoDbLocalOptions = {}): Promise<DynamoDbLocal> {
  const { launcher = await findLauncher(), signal } = options;
  const wait = options.limit ?? launcher.limit;
  const launched = await launcher.launch();
  const { child } = launched;
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (said = (said + text).slice(-2000)));
  const problem = (text: string) => new UserError(said === "" ? text : `${text} It said:\n${said.trim()}`);

  const { promise: died, reject } = Promise.withResolvers<never>();
  died.catch(() => {}); // it matters only where it is waited for
  let answered = false;
  let stopping = false;
  child.once("error", ({ message }) => reject(problem(`DynamoDB Local cannot be started: ${message}.`)));
  child.once("close", (code, killer) => {
    const end = answered ? `by itself (${killer ?? code}), and what it held is gone.` : `(${killer ?? code}) at once.`;
    if (!stopping) reject(problem(`DynamoDB Local ended ${end}`));
  });
  const stop = async () => {
    stopping = true;
    await Promise.all([ended(child), launched.remove()]);
  };

  try {
    const enough = AbortSignal.any([AbortSignal.timeout(wait), ...(signal === undefined ? [] : [signal])]);
    const endpoint = await Promise.race([launched.endpoint, died, aborted(enough)]);
    await Promise.race([answering(endpoint, enough), died]);
    answered = true;
    return { endpoint, died, stop };
  } catch (error) {
    await stop();
    signal?.throwIfAborted();
    throw error instanceof UserError ? error : problem(`DynamoDB Local did not answer within ${wait / 1000} seconds.`);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill();
  await exit;
}

async function aborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, "abort");
  throw signal.reason;
}

/** Resolves once DynamoDB Local answers a request; the SDK's own retries do the waiting. */
async function answering(endpoint: string, abortSignal: AbortSignal): Promise<void> {
  const client = new DynamoDBClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "probe", secretAccessKey: "probe" },
    maxAttempts: 1000,
    retryMode: "standard",
  });
  try {
    await client.send(new ListTablesCommand({}), { abortSignal });
  } finally {
    client.destroy();
  }
}
