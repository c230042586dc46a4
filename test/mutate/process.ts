import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Task, Verdict } from "./task.ts";

/** After so many runs a process has gathered so many modules that a new one is better. */
const mostRuns = 100;

/** A process in which mutants are tested, one after the other; a new one takes its place whenever it must. */
export class TestProcess {
  #child: ChildProcess | undefined;
  #runs = 0;

  /** Whether nothing that an earlier run has left behind can disturb the next. */
  get isFresh(): boolean {
    return this.#child === undefined;
  }

  /** Runs the task's tests; answers "endless" if they take longer than the limit, in milliseconds. */
  async run(task: Task, limit: number, signal: AbortSignal): Promise<Verdict | "endless"> {
    signal.throwIfAborted();
    if (this.#runs >= mostRuns) this.end();
    this.#child ??= fork(join(import.meta.dirname, "worker.ts"), { stdio: ["ignore", "ignore", "ignore", "ipc"] });
    this.#runs += 1;
    const child = this.#child;
    const over = AbortSignal.any([AbortSignal.timeout(Math.ceil(limit)), signal]);
    const done = new AbortController();
    const options = { signal: AbortSignal.any([over, done.signal]) };
    try {
      const answered = Promise.race([
        once(child, "message", options),
        once(child, "exit", options).then(() => undefined),
      ]);
      child.send(task);
      const answer = await answered;
      if (answer !== undefined) return answer[0];
      this.end();
      return { failed: "the process ended", isProgram: true, uncaught: true, longest: 0 };
    } catch (error) {
      this.end();
      signal.throwIfAborted();
      if (over.aborted) return "endless";
      throw error;
    } finally {
      done.abort();
    }
  }

  end(): void {
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
    this.#runs = 0;
  }
}
