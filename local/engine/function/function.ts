import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { delayed, type Fault } from "../gateway/fault.ts";
import { invocation } from "../gateway/service-call.ts";
import { type Invocation, InvocationRefused } from "../invocation.ts";
import {
  endingOf,
  type FunctionFailure,
  failureOfRequest,
  refusalOf,
  responseTooLarge,
  timeoutType,
} from "./failure.ts";
import { contextOf, environmentOf, type FunctionOptions } from "./function-options.ts";
import { Sandbox } from "./sandbox.ts";
import { SandboxPool } from "./sandbox-pool.ts";

/** What a function did so far. */
export interface FunctionStats {
  invocations: number;
  /** Invocations that ended with a function error: thrown, crashed, timed out. */
  errors: number;
  timeouts: number;
  /** Invocations that were refused before they reached the code. */
  refused: number;
  /** Execution environments that were started. */
  starts: number;
  /** Time spent in the handler, in milliseconds, all invocations together. */
  milliseconds: number;
}

/** Most bytes of a synchronous invocation's payload, in and out. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const payloadLimit = 6 * 1024 * 1024;

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib */
const defaultInitLimit = 10_000;

/** How many of its last lines a function's log keeps. */
const logLimit = 10_000;

/** A Lambda function: its own bytes, in threads of its own, with nothing but its own environment. */
export class LocalFunction {
  readonly name: string;
  /** Its name in the program. */
  readonly logicalName: string | undefined;
  readonly arn: string;
  readonly stats: FunctionStats = { invocations: 0, errors: 0, timeouts: 0, refused: 0, starts: 0, milliseconds: 0 };
  readonly #options: FunctionOptions;
  readonly #sandboxes = new SandboxPool(() => this.#start());
  readonly #log: string[] = [];
  readonly #stopping = new AbortController();
  #running = 0;
  #logLost = false;

  constructor(options: FunctionOptions) {
    this.name = options.name;
    this.logicalName = options.logicalName;
    this.arn = options.arn;
    this.#options = options;
  }

  /** Its own variables. */
  get environment(): Readonly<Record<string, string>> {
    return this.#options.environment;
  }

  /** A file of its code, as text. */
  codeFile(name: string): string {
    return readFileSync(join(this.#options.directory, name), "utf8");
  }

  /** Its memory, in MB, by which its time is billed. */
  get memoryMb(): number {
    return this.#options.memoryMb;
  }

  /** The last lines that the function printed. */
  get log(): readonly string[] {
    return this.#log;
  }

  /**
   * Invokes it, as a mapping does, and waits for its answer. Rejects with `InvocationRefused` where Lambda refuses an invocation.
   * @param options.faults whether it may meet a fault. @default true
   */
  async invoke(event: unknown, { faults = true }: { readonly faults?: boolean } = {}): Promise<Invocation> {
    const payload = JSON.stringify(event);
    const { milliseconds, fault } = delayed(faults ? this.#fault(payload) : undefined);
    if (milliseconds > 0) await this.#wait(milliseconds);
    const refusal = refusalOf(fault);
    if (refusal === undefined) return this.#invoke(payload, fault);
    if (refusal.effect) await this.#invoke(payload);
    return this.#refuse(refusal.reason);
  }

  async #invoke(payload: string, fault?: Fault): Promise<Invocation> {
    this.#admit(payload);
    const forced = endingOf(fault, this.#options.timeoutSeconds);
    if (forced !== undefined && fault?.kind === "ending" && !fault.effect)
      return this.#end(forced, this.#sandboxes.takeIdle());
    const requestId = randomUUID();
    const { timeoutSeconds } = this.#options;
    const sandbox = this.#sandboxes.take();
    this.#running += 1;
    const begin = performance.now();
    try {
      const ending = await sandbox.run(payload, contextOf(this.#options, requestId), timeoutSeconds * 1000);
      if (forced !== undefined) return await this.#end(forced, sandbox);
      this.stats.invocations += 1;
      if ("failure" in ending) return this.#failed(ending.failure, requestId);
      if (Buffer.byteLength(ending.answer) > payloadLimit)
        return this.#failed(responseTooLarge(ending.answer, payloadLimit), requestId);
      return { payload: JSON.parse(ending.answer), functionError: null, requestId };
    } finally {
      this.stats.milliseconds += performance.now() - begin;
      this.#running -= 1;
      await this.#sandboxes.release(sandbox);
    }
  }

  /**
   * Gives it another file of its code, as an update of the code does: what runs ends with the old one, and every later
   * invocation starts afresh with the new one.
   */
  async replaceCodeFile(name: string, text: string): Promise<void> {
    writeFileSync(join(this.#options.directory, name), text);
    await this.#sandboxes.renew();
  }

  /** Ends all of its threads. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#sandboxes.stop();
  }

  #admit(payload: string): void {
    const { concurrency = Number.POSITIVE_INFINITY } = this.#options;
    const reason = this.#stopped
      ? `ResourceNotFoundException: ${this.name} does not run any more`
      : Buffer.byteLength(payload) > payloadLimit
        ? `RequestTooLargeException: Request must be smaller than ${payloadLimit} bytes for the InvokeFunction operation`
        : this.#running >= concurrency
          ? "TooManyRequestsException: Rate Exceeded."
          : undefined;
    if (reason !== undefined) this.#refuse(reason);
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  #refuse(reason: string): never {
    this.stats.refused += 1;
    throw new InvocationRefused(reason);
  }

  #fault(payload: string): Fault | undefined {
    const { name, logicalName, region, faults } = this.#options;
    const named = { name, ...(logicalName === undefined ? {} : { logicalName }) };
    return faults?.(invocation({ kind: "mapping", ...named }, region, named, payload));
  }

  async #wait(milliseconds: number): Promise<void> {
    const { signal } = this.#stopping;
    await setTimeout(milliseconds, undefined, { signal }).catch(() => {}); // once it is stopped, it refuses the invocations that wait
  }

  /** Ends an invocation as a fault says, and its execution environment with it, as Lambda does. */
  async #end(failure: FunctionFailure, sandbox: Sandbox | undefined): Promise<Invocation> {
    if (sandbox !== undefined) await this.#sandboxes.end(sandbox);
    this.stats.invocations += 1;
    return this.#failed(failure, randomUUID());
  }

  #start(): Sandbox {
    const { directory, handler, callbacks = false, memoryMb, initLimit = defaultInitLimit } = this.#options;
    this.stats.starts += 1;
    return new Sandbox({
      directory,
      handler,
      callbacks,
      memoryMb,
      initLimit,
      environment: environmentOf(this.#options),
      onLine: (line) => this.#keep(line),
    });
  }

  /** Without the right to write to its log, a function runs, and what it prints is lost. */
  #keep(line: string): void {
    const denial = this.#options.logDenial?.();
    if (denial === undefined) {
      this.#log.push(line);
      if (this.#log.length > logLimit) this.#log.shift();
      this.#options.onLine?.(line);
    } else if (!this.#logLost) {
      this.#logLost = true;
      this.#options.onProblem?.(`What the function ${this.name} prints is lost: ${denial}`);
    }
  }

  #failed(failure: FunctionFailure, requestId: string): Invocation {
    this.stats.errors += 1;
    if (failure.errorType === timeoutType) this.stats.timeouts += 1;
    return { payload: failureOfRequest(failure, requestId), functionError: "Unhandled", requestId };
  }
}
