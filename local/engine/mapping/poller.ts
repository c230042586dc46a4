import { type ListedShard, listShards } from "../../../operate/stream/shards.ts";
import { backoff } from "./backoff.ts";
import type { Checkpoints } from "./checkpoints.ts";
import { type Clock, systemClock } from "./clock.ts";
import { openShard } from "./open-shard.ts";
import type { Mapping, MappingOptions } from "./options.ts";
import { persist } from "./persist.ts";
import { Pulse } from "./pulse.ts";
import { recordFilter } from "./record-filter.ts";
import type { Shard } from "./shard.ts";
import { readableShards } from "./shard-list.ts";
import type { Position } from "./shard-reader.ts";
import { newTally } from "./stats.ts";
import { Trouble } from "./trouble.ts";

/** The stream's shards, and what was known when they were asked for. */
interface Listing {
  readonly request: number;
  readonly ends: number;
  readonly shards: readonly ListedShard[];
}

/** Finds a stream's shards, keeps one `Shard` working for each that may be read, and knows when all is done. */
export class Poller implements Mapping {
  readonly stats = newTally();
  readonly failed: Mapping["failed"];
  readonly passes: Mapping["passes"];
  readonly #options: MappingOptions;
  readonly #clock: Clock;
  readonly #checkpoints: Checkpoints;
  readonly #backoff: (failures: number) => number;
  readonly #pollInterval: number;

  readonly #stopping = new AbortController();
  readonly #tasks: Promise<void>[] = [];
  readonly #shards = new Map<string, Shard>();
  #listed: Listing | undefined;
  #request = 0;
  /** How many shards were finished: a list of shards from before the last end lacks the children. */
  #ends = 0;
  /** Fires for a new request, for the readers and for the search for shards. */
  readonly #requested = new Pulse();
  /** Fires when a shard is finished and its children may be read. */
  readonly #search = new Pulse();
  /** Fires when an answer to a request may have changed. */
  readonly #changed = new Pulse();
  readonly #trouble: Trouble;

  constructor(options: MappingOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#checkpoints = options.checkpoints ?? new Map();
    this.#backoff = (failures) => options.backoff?.(failures) ?? backoff(failures);
    this.#pollInterval = options.pollInterval ?? 250;
    const filter = recordFilter(options);
    this.passes = (record) => filter(record) !== undefined;
    this.#trouble = new Trouble(options);
    this.failed = this.#trouble.failed;
  }

  get #signal(): AbortSignal {
    return this.#stopping.signal;
  }

  start(): void {
    if (this.#options.settings.enabled) this.#work(this.#findShards());
    else this.#listed = { request: Number.POSITIVE_INFINITY, ends: 0, shards: [] };
  }

  async started(): Promise<void> {
    await this.#until(() => this.#listed !== undefined);
  }

  async idle(): Promise<void> {
    this.#request += 1;
    const request = this.#request;
    this.#requested.fire();
    this.#search.fire();
    await this.#until(() => this.#reached(request));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#search.fire();
    this.#changed.fire();
    await Promise.all(this.#tasks);
  }

  #work(task: Promise<void>): void {
    this.#tasks.push(task.catch((error) => this.#fail(error)));
  }

  async #until(holds: () => boolean): Promise<void> {
    for (;;) {
      const change = this.#changed.next();
      if (this.#trouble.failure !== undefined) throw this.#trouble.failure;
      if (this.#signal.aborted) throw new Error(`${this.#trouble.name} was stopped`);
      if (holds()) return;
      await change;
    }
  }

  #reached(request: number): boolean {
    const listed = this.#listed;
    if (listed === undefined || listed.request < request || listed.ends < this.#ends) return false;
    return listed.shards.every(
      ({ shardId }) => this.#isFinished(shardId) || this.#shards.get(shardId)?.reached(request) === true,
    );
  }

  #isFinished(shardId: string): boolean {
    return this.#checkpoints.get(shardId)?.finished === true;
  }

  async #findShards(): Promise<void> {
    const { streams, streamArn, settings } = this.#options;
    let resuming = this.#checkpoints.size > 0;
    while (!this.#signal.aborted) {
      const search = this.#search.next();
      const request = this.#request;
      const ends = this.#ends;
      const shards = await this.#patiently(() => listShards(streams, streamArn, this.#signal));
      if (shards === undefined) return;
      // Only what the first look finds begins at the starting position: shards that appear later hold nothing but later changes.
      const begin = resuming ? "TRIM_HORIZON" : settings.startingPosition;
      if (begin === "LATEST") {
        for (const { shardId, closed } of shards) if (closed) this.#checkpoints.set(shardId, { finished: true });
      }
      const finished = { has: (shardId: string) => this.#isFinished(shardId) };
      for (const { shardId } of readableShards(shards, this.#shards, finished)) await this.#begin(shardId, begin);
      resuming = true;
      this.#listed = { request, ends, shards };
      this.#changed.fire();
      if (this.#shards.size > 0) await search;
      else await Promise.race([search, this.#search.nextWithin(this.#pollInterval, this.#clock)]);
    }
  }

  async #begin(shardId: string, begin: Position): Promise<void> {
    const shard = await openShard(shardId, begin, {
      options: this.#options,
      clock: this.#clock,
      signal: this.#signal,
      checkpoints: this.#checkpoints,
      tally: this.stats,
      pollInterval: this.#pollInterval,
      patiently: (call) => this.#patiently(call),
      backoff: this.#backoff,
      report: (what, cause) => this.#trouble.report(what, cause),
      fail: (error) => this.#fail(error),
      request: () => this.#request,
      requested: this.#requested,
      changed: () => this.#changed.fire(),
      finished: (id) => this.#finished(id),
    });
    if (shard === undefined) return;
    this.#shards.set(shardId, shard);
    this.#work(shard.run());
  }

  #finished(shardId: string): void {
    this.#shards.delete(shardId);
    this.#ends += 1;
    this.#search.fire();
  }

  /** Reads with patience; an error that would only come again ends the mapping. */
  async #patiently<T>(read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await persist(read, {
        clock: this.#clock,
        signal: this.#signal,
        backoff: this.#backoff,
        failed: (error) => this.#trouble.report("could not read the stream and will try again", error),
      });
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  #fail(cause: unknown): void {
    this.#stopping.abort();
    this.#search.fire();
    this.#changed.fire();
    this.#trouble.fail(cause);
  }
}
