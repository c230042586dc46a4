import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Engine } from "../../local/engine/engine.ts";

/** What a stack that runs on this machine tells other processes of the same user about itself. */
export interface Announcement {
  /** The process that runs it. */
  readonly pid: number;
  readonly region: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Tells of a stack that is left running, for `npm run redrive -- --local`, in a file of the project's folder that only the user
 * can read. The file goes away when the function that is returned is called, or with the process.
 */
export function announce(engine: Engine, stack: string, root = "."): () => void {
  const { region, outputs, environment } = engine;
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
