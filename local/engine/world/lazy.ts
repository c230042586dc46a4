import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeWhenThisProcessEnds } from "../../../terminal/watchdog.ts";

/** Something that is started when it is first asked for, once, and stopped only if it was; once stopped, it stays so. */
export class Lazy<T> {
  readonly #start: () => Promise<T>;
  readonly #end: (started: T) => Promise<void>;
  #started: Promise<T> | undefined;
  #stopped = false;

  constructor(start: () => Promise<T>, end: (started: T) => Promise<void>) {
    this.#start = start;
    this.#end = end;
  }

  /** The running thing. */
  async get(): Promise<T> {
    if (this.#stopped) throw new Error("it has been stopped");
    this.#started ??= this.#start();
    return this.#started;
  }

  /** The running thing if it was ever asked for, and came up. */
  async ifStarted(): Promise<T | undefined> {
    return this.#started?.catch(() => undefined); // the caller that asked for it has had the error
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const started = await this.ifStarted();
    this.#started = undefined;
    if (started !== undefined) await this.#end(started);
  }
}

/** A folder that goes away when it is stopped, or when the process ends, however it ends. */
export function temporaryFolder(): Lazy<string> {
  let callOff = () => {};
  return new Lazy(
    async () => {
      const path = await mkdtemp(join(tmpdir(), "fanout-"));
      callOff = removeWhenThisProcessEnds(path);
      return path;
    },
    async (path) => {
      await rm(path, { recursive: true, force: true });
      callOff();
    },
  );
}

/** Stops each stage's parts together, and one stage after the other, whatever fails. */
export async function stopInStages(stages: readonly (() => readonly { stop(): Promise<unknown> }[])[]): Promise<void> {
  const problems: unknown[] = [];
  for (const stage of stages) {
    const endings = await Promise.allSettled(stage().map(async (part) => part.stop()));
    for (const ending of endings) if (ending.status === "rejected") problems.push(ending.reason);
  }
  if (problems.length === 0) return;
  const reasons = problems.map((problem) => (problem instanceof Error ? problem.message : String(problem)));
  throw new AggregateError(problems, `not everything could be stopped: ${reasons.join("; ")}`);
}
