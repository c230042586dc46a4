import { Notifier, systemClock } from "../waiting.ts";
import { decoder, recordFilter } from "./decode.ts";
import { ShardFinder } from "./find-shards.ts";
import type { Mapping, MappingOptions } from "./options.ts";
import { Problems, reason } from "./problems.ts";
import { backoff, retry } from "./retry.ts";
import type { ShardContext } from "./shard.ts";
import { newStats } from "./stats.ts";

/**
 * Starts what Lambda calls an event source mapping: reads a DynamoDB stream and invokes a function with its records.
 *
 * `find-shards.ts` opens each shard that may be read. A record's way through `shard.ts` is `read.ts`, `decode.ts` (with
 * the filters), `gather.ts` (into batches), `deliver.ts` (invoke), `decide.ts` (what the answer means and what happens
 * next), and in the end `checkpoint.ts`, after `give-up.ts` and `destinations.ts` if the function never accepted it.
 * With tumbling windows, `windows/` decides how records are gathered.
 */
export function startMapping(options: MappingOptions): Mapping {
  const mapping = new StreamMapping(options);
  mapping.start();
  return mapping;
}

/** A mapping that works until it is stopped or fails. */
class StreamMapping implements Mapping {
  readonly stats = newStats();
  readonly failed: Mapping["failed"];
  readonly passes: Mapping["passes"];
  readonly #options: MappingOptions;
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

  constructor(options: MappingOptions) {
    const { clock = systemClock, checkpoints = new Map(), pollInterval = 250 } = options;
    const { stats } = this;
    const filter = recordFilter(options);
    this.passes = (record) => filter(record) !== undefined;
    this.#options = options;
    this.#problems = new Problems(options);
    this.failed = this.#problems.failed;
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

  start(): void {
    if (this.#options.settings.enabled) this.#work(this.#shards.run());
    else this.#shards.disable();
  }

  get trouble(): string | undefined {
    return this.#trouble;
  }

  async started(): Promise<void> {
    await this.#until(() => this.#shards.isListed);
  }

  async idle(): Promise<void> {
    this.#idleRequests += 1;
    const request = this.#idleRequests;
    this.#idleRequested.notify();
    this.#shards.wake();
    await this.#until(() => this.#shards.isIdle(request));
  }

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

  async #until(holds: () => boolean): Promise<void> {
    for (;;) {
      const change = this.#changed.next();
      if (this.#problems.failure !== undefined) throw this.#problems.failure;
      if (this.#stopping.signal.aborted) throw new Error(`${this.#problems.name} was stopped`);
      if (holds()) return;
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
