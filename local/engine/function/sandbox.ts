import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { Worker } from "node:worker_threads";
import { exited, type FunctionFailure, failureOf, timedOut } from "./failure.ts";
import type { InvocationMessage, WorkerData, WorkerMessage } from "./function-worker.ts";
import { runInUtc } from "./utc.ts";

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
export type InvocationResult = { readonly answer: string } | { readonly failure: FunctionFailure };

type Received = WorkerMessage | { readonly crashed: FunctionFailure };

/** One execution environment of a function: a worker thread that serves one invocation at a time. */
export class Sandbox {
  readonly #worker: Worker;
  readonly #initLimit: number;
  readonly #begin = performance.now();
  readonly #printed: Promise<unknown>;
  #started: Promise<Received> | undefined;
  #receive: ((received: Received) => void) | undefined;
  #crashed: FunctionFailure | undefined;
  #stopped = false;

  constructor(options: SandboxOptions) {
    const { directory, handler, callbacks } = options;
    this.#initLimit = options.initLimit;
    const leaveUtc = runInUtc();
    this.#worker = new Worker(new URL("./function-worker.ts", import.meta.url), {
      workerData: { directory, handler, callbacks } satisfies WorkerData,
      env: { ...options.environment },
      execArgv: [], // not the flags of this process; the function's own come as NODE_OPTIONS
      resourceLimits: { maxOldGenerationSizeMb: options.memoryMb },
      stdout: true,
      stderr: true,
    });
    const { stdout, stderr } = this.#worker;
    this.#printed = Promise.all([stdout, stderr].map((stream) => eachLine(stream, options.onLine)));
    this.#worker.on("message", (message: WorkerMessage) => this.#receive?.(message));
    this.#worker.once("error", (error: Error) => this.#crash(failureOf(error)));
    this.#worker.once("exit", (code) => {
      leaveUtc();
      this.#crash(exited(code));
    });
    this.#started = this.#next();
  }

  /** Whether it can serve another invocation; not after a crash, a time-out or a failed start. */
  get usable(): boolean {
    return !this.#stopped && this.#crashed === undefined;
  }

  /** Runs the handler; ends the thread if it takes longer than `timeout` milliseconds. Loading the module does not count within its own limit. */
  async run(event: string, context: Readonly<Record<string, string>>, timeout: number): Promise<InvocationResult> {
    let left = timeout;
    if (this.#started !== undefined) {
      const started = await this.#within(Math.max(this.#initLimit, timeout), timeout, this.#started);
      this.#started = undefined;
      if (!("ready" in started)) return this.#broken(started);
      const taken = performance.now() - this.#begin;
      // Lambda gives up then, and loads the module anew in the invocation's own time.
      if (taken > this.#initLimit) left = Math.max(0, timeout - taken);
    }
    this.#worker.postMessage({ event, context, deadline: Date.now() + left } satisfies InvocationMessage);
    const received = await this.#within(left, timeout, this.#next());
    if ("answer" in received) return received;
    if ("failure" in received) return { failure: received.failure };
    return this.#broken(received);
  }

  /** Ends the thread, whatever it is doing, and waits for what it has printed. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#worker.terminate();
    await this.#printed;
  }

  async #broken(received: Received): Promise<InvocationResult> {
    await this.stop();
    const failure = "crashed" in received ? received.crashed : "failure" in received ? received.failure : outOfTurn;
    return { failure };
  }

  /** What is received next, or that the time was up. */
  async #within(limit: number, timeout: number, next: Promise<Received>): Promise<Received> {
    const timer = setTimeout(() => this.#receive?.({ crashed: timedOut(timeout) }), limit);
    try {
      return await next;
    } finally {
      clearTimeout(timer);
    }
  }

  #next(): Promise<Received> {
    if (this.#crashed !== undefined) return Promise.resolve({ crashed: this.#crashed });
    return new Promise((resolve) => (this.#receive = resolve));
  }

  #crash(failure: FunctionFailure): void {
    this.#crashed ??= failure;
    this.#receive?.({ crashed: this.#crashed });
  }
}

const outOfTurn: FunctionFailure = { errorType: "Runtime.Unknown", errorMessage: "The function answered out of turn" };

/** Calls back with each line of a text stream, and with what is left when it ends; resolves then. */
async function eachLine(stream: Readable, callback: (line: string) => void): Promise<void> {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) callback(line);
  });
  await finished(stream);
  if (rest !== "") callback(rest);
}
