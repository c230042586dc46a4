import { Worker } from "node:worker_threads";
import { type FunctionFailure, failureOf } from "./failure.ts";
import type { Word, Work, WorkerData } from "./function-worker.ts";
import { exited, timedOut } from "./invocation-fault.ts";
import { eachLine } from "./lines.ts";

export interface SandboxOptions extends WorkerData {
  /** The whole environment of the function. */
  readonly environment: Readonly<Record<string, string>>;
  /** Most memory that the function's own values may take, in MiB. */
  readonly memoryMb: number;
  /** How long loading the module may take, in milliseconds, without counting as the first invocation's time. */
  readonly initLimit: number;
  /** Receives what the function prints, line by line. */
  onLine(line: string): void;
}

/** How an invocation ended: with the handler's answer, as JSON text, or not. */
export type Ending = { readonly answer: string } | { readonly failure: FunctionFailure };

type Heard = Word | { readonly crashed: FunctionFailure };

/** One execution environment of a function: a worker thread that serves one invocation at a time. */
export class Sandbox {
  readonly #worker: Worker;
  readonly #initLimit: number;
  readonly #begin = performance.now();
  readonly #printed: Promise<unknown>;
  #started: Promise<Heard> | undefined;
  #hear: ((heard: Heard) => void) | undefined;
  #crashed: FunctionFailure | undefined;
  #stopped = false;

  constructor(options: SandboxOptions) {
    const { directory, handler, callbacks } = options;
    this.#initLimit = options.initLimit;
    this.#worker = new Worker(new URL("./function-worker.ts", import.meta.url), {
      workerData: { directory, handler, callbacks } satisfies WorkerData,
      env: { ...options.environment },
      execArgv: [], // the flags of this process are none of the function's business; its own come as NODE_OPTIONS
      resourceLimits: { maxOldGenerationSizeMb: options.memoryMb },
      stdout: true,
      stderr: true,
    });
    const { stdout, stderr } = this.#worker;
    this.#printed = Promise.all([stdout, stderr].map((stream) => eachLine(stream, options.onLine)));
    this.#worker.on("message", (word: Word) => this.#hear?.(word));
    this.#worker.once("error", (error: Error) => this.#crash(failureOf(error)));
    this.#worker.once("exit", (code) => this.#crash(exited(code)));
    this.#started = this.#next();
  }

  /** Whether it can serve another invocation; not after a crash, a time-out or a failed start. */
  get usable(): boolean {
    return !this.#stopped && this.#crashed === undefined;
  }

  /** Runs the handler; ends the thread if it takes longer than `timeout` milliseconds. Loading the module does not count within its own limit. */
  async run(event: string, context: Readonly<Record<string, string>>, timeout: number): Promise<Ending> {
    let left = timeout;
    if (this.#started !== undefined) {
      const started = await this.#within(Math.max(this.#initLimit, timeout), timeout, this.#started);
      this.#started = undefined;
      if (!("ready" in started)) return this.#broken(started);
      const taken = performance.now() - this.#begin;
      // Lambda gives up then, and loads the module anew in the invocation's own time.
      if (taken > this.#initLimit) left = Math.max(0, timeout - taken);
    }
    this.#worker.postMessage({ event, context, deadline: Date.now() + left } satisfies Work);
    const heard = await this.#within(left, timeout, this.#next());
    if ("answer" in heard) return heard;
    if ("failure" in heard) return { failure: heard.failure };
    return this.#broken(heard);
  }

  /** Ends the thread, whatever it is doing, and waits for what it has printed. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#worker.terminate();
    await this.#printed;
  }

  async #broken(heard: Heard): Promise<Ending> {
    await this.stop();
    const failure = "crashed" in heard ? heard.crashed : "failure" in heard ? heard.failure : outOfTurn;
    return { failure };
  }

  /** What is heard next, or that the time was up. */
  async #within(limit: number, timeout: number, next: Promise<Heard>): Promise<Heard> {
    const timer = setTimeout(() => this.#hear?.({ crashed: timedOut(timeout) }), limit);
    try {
      return await next;
    } finally {
      clearTimeout(timer);
    }
  }

  #next(): Promise<Heard> {
    if (this.#crashed !== undefined) return Promise.resolve({ crashed: this.#crashed });
    return new Promise((resolve) => (this.#hear = resolve));
  }

  #crash(failure: FunctionFailure): void {
    this.#crashed ??= failure;
    this.#hear?.({ crashed: this.#crashed });
  }
}

const outOfTurn: FunctionFailure = { errorType: "Runtime.Unknown", errorMessage: "The function answered out of turn" };
