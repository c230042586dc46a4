import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../../terminal/user-error.ts";
import { type Clients, makeClients } from "../clients.ts";
import { consumersOf, locationOf, readOutputs, type TargetStack } from "./outputs.ts";

/** A stack that runs on this machine. */
export interface RunningStack {
  readonly region: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The variables with which SDKs reach it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What a stack that runs on this machine tells other processes of the same user about itself. */
export interface Announcement extends RunningStack {
  /** The process that runs it. */
  readonly pid: number;
}

/**
 * Tells of a stack that is left running, for `npm run redrive -- --local`, in a file of the project's folder that only the user
 * can read. The file goes away when the function that is returned is called, or with the process.
 */
export function announce(running: RunningStack, stack: string, root = "."): () => void {
  const { region, outputs, environment } = running;
  const file = fileOf(stack, root);
  const text = JSON.stringify({ pid: process.pid, region, outputs, environment } satisfies Announcement);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  rmSync(file, { force: true }); // of a process that was killed; its mode would stay
  writeFileSync(file, text, { mode: 0o600 });
  const withdraw = () => {
    process.off("exit", withdraw);
    // another run of the stack may have announced itself since
    if (read(file)?.pid === process.pid) rmSync(file, { force: true });
  };
  process.once("exit", withdraw);
  return withdraw;
}

/** What the stack says that runs on this machine; undefined if there is none. */
export function announced(stack: string, root = "."): Announcement | undefined {
  const found = read(fileOf(stack, root));
  return found !== undefined && isAlive(found.pid) ? found : undefined;
}

/** A stack that another process runs on this machine. */
export function running(stack: string, root = "."): TargetStack {
  const found = announced(stack, root);
  if (found === undefined) {
    throw new UserError(
      `No stack ${stack} runs on this machine. Start it with \`npm start -- --stack ${stack} --keep\`, leave it running, and try again in another shell; without --local, the deployed stack is meant.`,
    );
  }
  const { AWS_ENDPOINT_URL = "", AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "" } = found.environment;
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  const clients = makeClients({ endpoint: AWS_ENDPOINT_URL, region: found.region, credentials });
  return onThisMachine({ outputs: found.outputs, clients }, stack);
}

/** A stack on this machine, as its outputs describe it, reached with the clients that it or `running` made. */
export function onThisMachine(
  { outputs, clients }: { readonly outputs: unknown; readonly clients: Clients },
  stack: string,
): TargetStack {
  const read = readOutputs(outputs);
  const { region } = locationOf(read);
  return { title: `stack ${stack} on this machine`, region, consumers: consumersOf(read), clients, wait: 0 };
}

function fileOf(stack: string, root: string): string {
  return join(root, ".running", `${encodeURIComponent(stack)}.json`);
}

function read(file: string): Announcement | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Announcement;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
