import { resolve } from "node:path";
import type { Clients } from "../../operate/clients.ts";
import { defaultRegion } from "./aws.ts";
import { environmentOf } from "./environment.ts";
import type { EngineEvent } from "./events.ts";
import type { Firehose } from "./firehose/firehose.ts";
import type { LocalFunction } from "./function/function.ts";
import type { FaultHook } from "./gateway/fault.ts";
import type { Meter } from "./gateway/meters.ts";
import type { Principal } from "./gateway/service-call.ts";
import type { RunningMapping } from "./lambda/running-mapping.ts";
import { programFile, runProgram } from "./program/program.ts";
import { readStackConfig } from "./program/stack-config.ts";
import type { Redshift } from "./redshift/redshift.ts";
import { lookUp, mustExist, register } from "./register.ts";
import { expireAll } from "./time-to-live/expiry.ts";
import { expectedKey } from "./world/expected-key.ts";
import { makeExpectedQueues } from "./world/expected-queues.ts";
import { startWorld } from "./world/start-world.ts";
import { type IdleOptions, untilIdle, type Waiting, waitingFor } from "./world/until-idle.ts";
import type { Workgroup, World } from "./world/world.ts";

/** What happened while the program was brought up. */
export type Progress =
  | { readonly kind: "emulator"; readonly name: string }
  /** Something that the program expects to find, such as a table that it adopts, was made for it: empty. */
  | { readonly kind: "expected"; readonly what: string }
  | {
      readonly kind: "resource";
      readonly type: string;
      /** Its name in the program. */
      readonly name: string;
      /** Its name on AWS, as the provider's id says it: a table's name, a queue's URL, a topic's ARN. */
      readonly id: string;
    };

export type { Waiting } from "./world/until-idle.ts";

export interface UpOptions {
  /** The file with the program, relative to `root`. @default "index.ts" */
  readonly program?: string;
  /** The stack whose configuration is read from `Pulumi.<stack>.yaml`. @default "dev" */
  readonly stack?: string;
  /** The folder with `Pulumi.yaml`. @default the current folder */
  readonly root?: string;
  /** Values that take precedence over the files; a key without a namespace is the project's own. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Decides which AWS calls, invocations and COPYs fail: see `seededFaults` and `outage` in `local/engine/gateway/faults.ts`. */
  readonly faults?: FaultHook;
  /**
   * How long a second lasts, in seconds, for everything that only waits: Firehose's buffers and retries, a mapping's batching
   * window and the pauses between its attempts. Records age, functions time out and items expire in real time. @default 1
   */
  readonly timeScale?: number;
  /** The endpoint of a DynamoDB Local that runs already, and goes on running. @default one is started, and ended with the engine */
  readonly dynamoDbEndpoint?: string;
  /** A stand-in for Redshift that runs already, and goes on running. @default one is started, and ended with the engine */
  readonly redshift?: Redshift;
  /**
   * Creates what the program expects to find, such as a table that it adopts, where that is not to be empty: the tables, queues
   * and warehouses that it names and does not make are made for it.
   */
  prepare?(clients: Clients): Promise<void>;
  /** Ends the attempt: what is being created is waited for, everything is cleaned up, then `up` rejects with the signal's reason. No effect on an engine that is up. */
  readonly signal?: AbortSignal;
  /** Called with each emulator that is up, each resource that was created, and whatever else was made for the program. */
  onProgress?(progress: Progress): void;
  /** Called with problems that stop nothing else, such as a mapping that cannot read its stream. @default a line on stderr */
  onProblem?(text: string): void;
  /** Called with what happens once it runs: lines that functions print, failed batches, and failure messages. */
  onEvent?(event: EngineEvent): void;
}

/** A program that runs on this machine. */
export interface Engine {
  /** The stack's outputs. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly region: string;
  /**
   * The environment with which an application of the user's own reaches everything that was created. It must not have the variables
   * that `unwanted` in `local/engine/environment.ts` names.
   */
  readonly environment: Readonly<Record<string, string>>;
  /** Where each service that has a stand-in is reached, by its signing name, such as `dynamodb`: the gateway's address for all of them. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** SDK clients for the stack's Region, as the user. */
  readonly clients: Clients;
  /** SDK clients for another Region, as the user. */
  clientsFor(region: string): Clients;
  /** The functions, by name. */
  readonly functions: ReadonlyMap<string, LocalFunction>;
  /** The event source mappings, by UUID. */
  readonly mappings: ReadonlyMap<string, RunningMapping>;
  /** The TTL attribute of each table that has one, by the table's name; `expire` does what DynamoDB does with it. */
  readonly timeToLive: ReadonlyMap<string, string>;
  /** The warehouse's stand-in, if the program has one. */
  readonly redshift: Redshift | undefined;
  /** The workgroups of Redshift Serverless, by their host. */
  readonly workgroups: ReadonlyMap<string, Workgroup>;
  /** The Firehose stand-in, if the program has a delivery stream. */
  readonly firehose: Firehose | undefined;
  /** Who called what, how often, with how many bytes, and what AWS would have billed of it. */
  meters(): readonly Readonly<Meter>[];
  /**
   * Resolves when every change has been delivered, or given up, and nothing is buffered anywhere. Rejects if a mapping has failed,
   * or DynamoDB Local has ended. Says what it waits for when nothing has moved for a minute.
   */
  idle(options?: IdleOptions): Promise<void>;
  /** How far every mapping is, first the one that has the most to do, and what last went wrong in its way. */
  waitingFor(): readonly Waiting[];
  /**
   * Deletes the items whose time to live is over, as DynamoDB would, at once instead of within days; the streams' records say that time to live did it.
   * @param now milliseconds since the epoch @default the present
   * @returns how many items were deleted, by table name
   */
  expire(now?: number): Promise<Readonly<Record<string, number>>>;
  /** Ends everything, and leaves nothing behind. May be called again. */
  down(): Promise<void>;
}

/** Brings a Pulumi program up on this machine: its own resources, configuration and bundles, without an AWS account. */
export async function up(options: UpOptions = {}): Promise<Engine> {
  const {
    program = "index.ts",
    stack = "dev",
    config: overrides = {},
    faults,
    onProgress = () => {},
    onProblem = (text: string) => console.error(text),
  } = options;
  const root = resolve(options.root ?? ".");
  const file = programFile(root, program);
  const { project, config } = readStackConfig({ root, stack, overrides });
  const region = config["aws:region"] ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? defaultRegion;
  const attempt = new AbortController();
  const { signal } = attempt;
  const abort = () => attempt.abort(options.signal?.reason);
  if (options.signal?.aborted) abort();
  options.signal?.addEventListener("abort", abort);
  const world = await startWorld({
    root,
    region,
    signal,
    onProblem,
    expectedKey: expectedKey(config),
    onExpected: (what) => onProgress({ kind: "expected", what }),
    onUp: (name) => onProgress({ kind: "emulator", name }),
    ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
    ...(faults === undefined ? {} : { faults }),
    ...(options.timeScale === undefined ? {} : { timeScale: options.timeScale }),
    ...(options.dynamoDbEndpoint === undefined ? {} : { dynamoDbEndpoint: options.dynamoDbEndpoint }),
    ...(options.redshift === undefined ? {} : { redshift: options.redshift }),
  });
  try {
    signal.throwIfAborted();
    await options.prepare?.(world.clientsAs(user, region));
    const outputs = await runProgram({
      root,
      file,
      project,
      stack,
      config,
      signal,
      check: mustExist,
      async register(args) {
        const result = await register(args, world);
        if (args.custom !== false)
          onProgress({ kind: "resource", type: args.type, name: args.name, id: result.id ?? "" });
        return result;
      },
      call: (args) => lookUp(args, world),
    });
    await makeExpectedQueues(world);
    return await engineOf(world, outputs);
  } catch (error) {
    await world.stop().catch(({ message }: Error) => onProblem(message)); // the first error matters more
    throw signal.aborted ? signal.reason : error;
  } finally {
    options.signal?.removeEventListener("abort", abort);
  }
}

const user: Principal = { kind: "user", name: "user" };

async function engineOf(world: World, outputs: Readonly<Record<string, unknown>>): Promise<Engine> {
  const { region, gateway, mappings } = world;
  return {
    outputs,
    region,
    environment: environmentOf({
      endpoint: gateway.endpoint,
      region,
      credentials: gateway.issue(user),
      services: gateway.services,
    }),
    endpoints: Object.fromEntries(gateway.services.map((service) => [service, gateway.endpoint])),
    clients: world.clientsAs(user, region),
    clientsFor: (other) => world.clientsAs(user, other),
    functions: new Map([...world.functions.values()].map((one) => [one.name, one])),
    mappings,
    timeToLive: new Map([...world.expiring.values()].map(({ tableName, attribute }) => [tableName, attribute])),
    redshift: await world.redshift.ifStarted(),
    workgroups: world.workgroups,
    firehose: (await world.firehose.ifStarted())?.firehose,
    meters: () => gateway.meters(),
    idle: (options) => untilIdle(world, options),
    waitingFor: () => waitingFor(world),
    expire: (now = Date.now()) => expireAll(world, now),
    down: () => world.stop(),
  };
}
