import type { _Record as ApiRecord } from "@aws-sdk/client-dynamodb-streams";
import type { DynamoDBRecord } from "aws-lambda";
import { Notifier, systemClock } from "../waiting.ts";
import type { Checkpoints } from "./checkpoint.ts";
import { decoder } from "./decode.ts";
import { ShardFinder } from "./find-shards.ts";
import type { MappingOptions } from "./options.ts";
import { type Problems, reason } from "./problems.ts";
import { backoff, retry } from "./retry.ts";
import type { ShardContext } from "./shard.ts";
import type { MutableStats } from "./stats.ts";

/** What the runs of a mapping share. */
export interface SharedByRuns {
  /** Where the next run resumes. */
  readonly checkpoints: Checkpoints;
  readonly stats: MutableStats;
  readonly problems: Problems;
  /** Made by `recordFilter`. */
  readonly filter: (source: ApiRecord) => DynamoDBRecord | undefined;
}

/** What a mapping does from being enabled to being disabled: works until it is stopped or fails. */
export class MappingRun {
  readonly #problems: Problems;
  readonly #context: Omit<ShardContext, "finished">;
  readonly #shards: ShardFinder;
  #trouble: string | undefined;
  readonly #stopping = new AbortController();
  readonly #tasks: Promise<void>[] = [];
  /** How often `idle` was called. */
  #idleRequests = 0;
  /** Notifies the readers that `idle` was called. */
  readonly #idleRequested = new Notifier();
  /** Notifies those who wait for the mapping that what they wait for may have come. */
  readonly #changed = new Notifier();

  constructor(options: MappingOptions, { checkpoints, stats, problems, filter }: SharedByRuns) {
    const { clock = systemClock, pollInterval = 250 } = options;
    this.#problems = problems;
    this.#context = {
      options: this.#watched(options),
      clock,
      signal: this.#stopping.signal,
      checkpoints,
      stats,
      pollInterval,
      backoff: (failures) => options.backoff?.(failures) ?? backoff(failures),
      decode: decoder({ filter, clock, stats }),
      callStream: (call) => this.#callStream(call),
      report: (what, cause) => this.#problems.report(what, cause),
      fail: (error) => this.#fail(error),
      idleRequests: () => this.#idleRequests,
      idleRequested: this.#idleRequested,
      changed: () => this.#changed.notify(),
    };
    this.#shards = new ShardFinder(this.#context, (task) => this.#work(task));
  }

  /** Begins to read. */
  start(): void {
    this.#work(this.#shards.run());
  }

  /** What last went wrong, as long as nothing has gone right since. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Resolves once it is certain where reading begins; with false if the run ends first. */
  started(): Promise<boolean> {
    return this.#until(() => this.#shards.isListed);
  }

  /** Resolves once every change made before the call is settled; with false if the run ends first. */
  idle(): Promise<boolean> {
    this.#idleRequests += 1;
    const request = this.#idleRequests;
    this.#idleRequested.notify();
    this.#shards.wake();
    return this.#until(() => this.#shards.isIdle(request));
  }

  /** Ends reading and delivering, once the invocations under way have ended. May be called again. */
  async stop(): Promise<void> {
    this.#end();
    await Promise.all(this.#tasks);
  }

  /** The options, changed so that what goes wrong with invocations is noted. */
  #watched(options: MappingOptions): MappingOptions {
    return {
      ...options,
      invoke: async (event, signal) => {
        try {
          return await options.invoke(event, signal);
        } catch (error) {
          this.#trouble = reason(error);
          throw error;
        }
      },
      onAnswer: (records, trouble) => {
        this.#trouble = trouble;
        options.onAnswer?.(records, trouble);
      },
    };
  }

  #work(task: Promise<void>): void {
    this.#tasks.push(task.catch((error) => this.#fail(error)));
  }

  #fail(cause: unknown): void {
    this.#end();
    this.#problems.fail(cause);
  }

  #end(): void {
    this.#stopping.abort();
    this.#shards.wake();
    this.#changed.notify();
  }

  async #until(holds: () => boolean): Promise<boolean> {
    for (;;) {
      const change = this.#changed.next();
      if (this.#stopping.signal.aborted) return false;
      if (holds()) return true;
      await change;
    }
  }

  /** Makes a call until it succeeds; an error that would only come again ends the mapping. */
  async #callStream<T>(call: () => Promise<T>): Promise<T | undefined> {
    const { clock, signal, backoff, report } = this.#context;
    const onFailure = (error: unknown) => report("could not read the stream and will try again", error);
    try {
      return await retry(call, { clock, signal, backoff, onFailure });
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }
}
