import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { delayed, type Fault, type FaultHook } from "../gateway/fault.ts";
import type { Credentials } from "../gateway/gateway.ts";
import { invocation } from "../gateway/service-call.ts";
import type { Invocation } from "../mapping/deliver-batch.ts";
import { InvocationRefused } from "../mapping/invocation-refused.ts";
import type { FunctionFailure } from "./failure.ts";
import { endingOf, refusalOf, timeoutType } from "./invocation-fault.ts";
import { Sandbox } from "./sandbox.ts";

export interface FunctionOptions {
  readonly name: string;
  /** Its name in the program. */
  readonly logicalName?: string;
  readonly arn: string;
  readonly region: string;
  /** The folder with its code. */
  readonly directory: string;
  /** Such as `index.handler`. */
  readonly handler: string;
  /** Whether its runtime hands handlers a callback, as those before Node 24 do. @default false */
  readonly callbacks?: boolean;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** Its own variables. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroup: string;
  /** What its environment says about how to log. @default "Text" */
  readonly logFormat?: "JSON" | "Text";
  /** The least level that is to be logged as JSON, such as `WARN`. @default "INFO" */
  readonly logLevel?: string;
  readonly credentials: Credentials;
  /** Where all of its AWS calls go. */
  readonly endpoint: string;
  /** Called with each line that it prints. */
  onLine?(line: string): void;
  /** Most invocations at a time; further ones are refused. @default no limit */
  readonly concurrency?: number;
  /** How long loading its module may take, in milliseconds; longer, and it counts as the first invocation's time. @default 10 seconds, as Lambda */
  readonly initLimit?: number;
  /** Why what it prints cannot be kept; undefined if it can. Asked for each line. @default it can */
  logDenial?(): string | undefined;
  /** Called, once, when its lines are lost. */
  onProblem?(text: string): void;
  /** Decides which invocations fail, and how. */
  readonly faults?: FaultHook;
}

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
const lambdasInitLimit = 10_000;

/** How many of its last lines a function's log keeps. */
const logLimit = 10_000;

/** A Lambda function: its own bytes, in threads of its own, with nothing but its own environment. */
export class LocalFunction {
  readonly name: string;
  /** Its name in the program. */
  readonly logicalName: string | undefined;
  readonly arn: string;
  readonly stats: FunctionStats = { invocations: 0, errors: 0, timeouts: 0, refused: 0, starts: 0, milliseconds: 0 };
  #options: FunctionOptions;
  readonly #idle: Sandbox[] = [];
  readonly #all = new Set<Sandbox>();
  readonly #log: string[] = [];
  /** Those that began before the variables changed. */
  #outdated = new WeakSet<Sandbox>();
  readonly #stopping = new AbortController();
  #running = 0;
  #silenced = false;

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

  /** Its memory, in MB, by which its time is billed. */
  get memoryMb(): number {
    return this.#options.memoryMb;
  }

  /** The last lines that the function printed. */
  get log(): readonly string[] {
    return this.#log;
  }

  /** Invokes it, as a mapping does, and waits for its answer. Rejects with `InvocationRefused` where Lambda refuses an invocation. */
  async invoke(event: unknown): Promise<Invocation> {
    const payload = JSON.stringify(event);
    const { milliseconds, fault } = delayed(this.#fault(payload));
    if (milliseconds > 0) await this.#wait(milliseconds);
    const refusal = refusalOf(fault);
    if (refusal === undefined) return this.#invoke(payload, fault);
    if (refusal.effect) await this.#invoke(payload);
    return this.#refuse(refusal.reason);
  }

  async #invoke(payload: string, fault?: Fault): Promise<Invocation> {
    this.#admit(payload);
    const forced = endingOf(fault, this.#options.timeoutSeconds);
    if (forced !== undefined && fault?.kind === "ending" && !fault.effect) return this.#end(forced, this.#take());
    const requestId = randomUUID();
    const { timeoutSeconds } = this.#options;
    const sandbox = this.#take() ?? this.#start();
    this.#running += 1;
    const begin = performance.now();
    try {
      const ending = await sandbox.run(payload, this.#context(requestId), timeoutSeconds * 1000);
      if (forced !== undefined) return await this.#end(forced, sandbox);
      this.stats.invocations += 1;
      if ("failure" in ending) return this.#failed(ending.failure, requestId);
      if (Buffer.byteLength(ending.answer) > payloadLimit) return this.#failed(tooLarge(ending.answer), requestId);
      return { payload: JSON.parse(ending.answer), functionError: null, requestId };
    } finally {
      this.stats.milliseconds += performance.now() - begin;
      this.#running -= 1;
      await this.#release(sandbox);
    }
  }

  /**
   * Gives it other variables, as an update of its configuration does: what runs ends with the old ones, and every later
   * invocation starts afresh with the new ones.
   */
  async configure(environment: Readonly<Record<string, string>>): Promise<void> {
    this.#options = { ...this.#options, environment };
    this.#outdated = new WeakSet(this.#all);
    const idle = this.#idle.splice(0);
    for (const sandbox of idle) this.#all.delete(sandbox);
    await Promise.all(idle.map((sandbox) => sandbox.stop()));
  }

  /** Ends all of its threads. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...this.#all].map((sandbox) => sandbox.stop()));
    this.#all.clear();
    this.#idle.length = 0;
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
    await setTimeout(milliseconds, undefined, { signal }).catch(() => {}); // one that is stopped refuses what waits
  }

  /** Ends an invocation as a fault wants it, and its execution environment with it, as Lambda does. */
  async #end(failure: FunctionFailure, sandbox: Sandbox | undefined): Promise<Invocation> {
    await sandbox?.stop();
    if (sandbox !== undefined) this.#all.delete(sandbox);
    this.stats.invocations += 1;
    return this.#failed(failure, randomUUID());
  }

  #take(): Sandbox | undefined {
    for (let sandbox = this.#idle.pop(); sandbox !== undefined; sandbox = this.#idle.pop()) {
      if (sandbox.usable) return sandbox;
      this.#all.delete(sandbox); // it crashed between two invocations
    }
    return undefined;
  }

  #start(): Sandbox {
    const { directory, handler, callbacks = false, memoryMb, initLimit = lambdasInitLimit } = this.#options;
    const sandbox = new Sandbox({
      directory,
      handler,
      callbacks,
      memoryMb,
      initLimit,
      environment: this.#environment(),
      onLine: (line) => this.#keep(line),
    });
    this.stats.starts += 1;
    this.#all.add(sandbox);
    return sandbox;
  }

  /** Without the right to write to its log, a function runs, and what it prints is lost. */
  #keep(line: string): void {
    const denial = this.#options.logDenial?.();
    if (denial === undefined) {
      this.#log.push(line);
      if (this.#log.length > logLimit) this.#log.shift();
      this.#options.onLine?.(line);
    } else if (!this.#silenced) {
      this.#silenced = true;
      this.#options.onProblem?.(`What the function ${this.name} prints is lost: ${denial}`);
    }
  }

  async #release(sandbox: Sandbox): Promise<void> {
    if (sandbox.usable && !this.#stopped && !this.#outdated.has(sandbox)) {
      this.#idle.push(sandbox);
      return;
    }
    this.#all.delete(sandbox);
    if (sandbox.usable && !this.#stopped) await sandbox.stop();
  }

  #failed(failure: FunctionFailure, requestId: string): Invocation {
    this.stats.errors += 1;
    if (failure.errorType === timeoutType) this.stats.timeouts += 1;
    return { payload: failure, functionError: "Unhandled", requestId };
  }

  #environment(): Record<string, string> {
    const { name, region, memoryMb, handler, directory, credentials, endpoint, logGroup } = this.#options;
    const { logFormat = "Text", logLevel = "INFO" } = this.#options;
    return {
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
      AWS_ENDPOINT_URL: endpoint,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
      AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
      AWS_LAMBDA_LOG_STREAM_NAME: name,
      AWS_LAMBDA_LOG_FORMAT: logFormat,
      ...(logFormat === "JSON" ? { AWS_LAMBDA_LOG_LEVEL: logLevel } : {}),
      LAMBDA_TASK_ROOT: directory,
      _HANDLER: handler,
      // The SDK looks for these files in the home folder of whoever runs this, where Lambda has none.
      AWS_CONFIG_FILE: `${directory}/.aws/config`,
      AWS_SHARED_CREDENTIALS_FILE: `${directory}/.aws/credentials`,
      ...this.#options.environment,
    };
  }

  #context(requestId: string): Record<string, string> {
    const { name, arn, memoryMb, logGroup } = this.#options;
    return {
      awsRequestId: requestId,
      functionName: name,
      functionVersion: "$LATEST",
      invokedFunctionArn: arn,
      memoryLimitInMB: String(memoryMb),
      logGroupName: logGroup,
      logStreamName: name,
    };
  }
}

function tooLarge(answer: string): FunctionFailure {
  return {
    errorType: "Function.ResponseSizeTooLarge",
    errorMessage: `Response payload size (${Buffer.byteLength(answer)} bytes) exceeded maximum allowed payload size (${payloadLimit} bytes).`,
  };
}
