import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { UserError } from "../../terminal/user-error.ts";
import { removeWhenThisProcessEnds } from "../../terminal/watchdog.ts";
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

/** The place where a stack that is about to run here will tell of itself. */
export interface AnnouncementPlace {
  /** Tells of the stack, for `npm run redrive -- --local`. */
  announce(running: RunningStack): void;
  /** Takes it back. */
  withdraw(): void;
}

/**
 * Makes the file in which a run of a stack tells of itself: one a run, in the project's folder, which only the user can read. It
 * goes away when it is withdrawn, or with the process, however that ends.
 * @throws UserError if it cannot be written: better before the stack is brought up than when it is up
 */
export function announcementPlace(stack: string, root = "."): AnnouncementPlace {
  const folder = resolve(root, folderName);
  const file = join(folder, `${prefixOf(stack)}${randomUUID()}.json`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, "", { mode: 0o600, flag: "wx" });
  } catch (error) {
    throw new UserError(
      `A stack that is left running tells of itself in ${folder}, which cannot be written: ${(error as Error).message}. Make it writable, or a folder if it is none.`,
      { cause: error },
    );
  }
  const callOff = removeWhenThisProcessEnds(file);
  return {
    announce({ region, outputs, environment }) {
      const told: Announcement = { pid: process.pid, region, outputs, environment };
      writeFileSync(file, JSON.stringify(told));
    },
    withdraw() {
      rmSync(file, { force: true });
      callOff();
    },
  };
}

/** What the runs of a stack say that are up on this machine. */
export function announced(stack: string, root = "."): readonly Announcement[] {
  const folder = join(root, folderName);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(prefixOf(stack))) : [];
  return names.flatMap((name) => read(join(folder, name)) ?? []).filter(({ pid }) => isAlive(pid));
}

/** A stack that another process runs on this machine. */
export function running(stack: string, root = "."): TargetStack {
  const [found, ...others] = announced(stack, root);
  if (found === undefined) {
    throw new UserError(
      `No stack ${stack} runs on this machine. Start it with \`npm start -- --stack ${stack} --keep\`, leave it running, and try again in another shell; without --local, the deployed stack is meant.`,
    );
  }
  if (others.length > 0) {
    const processes = [found, ...others].map(({ pid }) => pid).sort((a, b) => a - b);
    throw new UserError(
      `Stack ${stack} runs ${processes.length} times on this machine, in the processes ${processes.join(" and ")}, so it is not clear which one is meant. End all but one with Ctrl-C, and try again.`,
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

const folderName = ".running";

/** How the names of a stack's files begin. In an encoded name there is no `@`. */
function prefixOf(stack: string): string {
  return `${encodeURIComponent(stack)}@`;
}

/** What a file says; undefined before its stack is up, and once it is gone. */
function read(file: string): Announcement | undefined {
  try {
    const text = readFileSync(file, "utf8");
    return text === "" ? undefined : (JSON.parse(text) as Announcement);
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
