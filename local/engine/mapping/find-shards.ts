import { type ListedShard, listShards } from "../../../operate/stream/shards.ts";
import { Notifier } from "../waiting.ts";
import type { Position } from "./read.ts";
import { openShard, type Shard, type ShardContext } from "./shard.ts";

/** The stream's shards, and what was known when they were asked for. */
interface Listing {
  readonly idleRequests: number;
  readonly ends: number;
  readonly shards: readonly ListedShard[];
}

/** Finds a stream's shards, and keeps one `Shard` working for each that may be read. */
export class ShardFinder {
  readonly #context: ShardContext;
  readonly #work: (task: Promise<void>) => void;
  readonly #shards = new Map<string, Shard>();
  #listed: Listing | undefined;
  /** How many shards were finished: a list of shards from before the last end lacks the children. */
  #ends = 0;
  /** Notifies that it is time to look again. */
  readonly #search = new Notifier();

  /** @param work keeps track of what a shard does, until it is done */
  constructor(context: Omit<ShardContext, "finished">, work: (task: Promise<void>) => void) {
    this.#context = { ...context, finished: (shardId) => this.#finished(shardId) };
    this.#work = work;
  }

  /** Whether it is certain where reading begins. */
  get isListed(): boolean {
    return this.#listed !== undefined;
  }

  /** Whether everything is settled that had been written before the idle request. */
  isIdle(idleRequest: number): boolean {
    const listed = this.#listed;
    if (listed === undefined || listed.idleRequests < idleRequest || listed.ends < this.#ends) return false;
    return listed.shards.every(
      ({ shardId }) => this.#isFinished(shardId) || this.#shards.get(shardId)?.isIdle(idleRequest) === true,
    );
  }

  /** Looks for shards now. */
  wake(): void {
    this.#search.notify();
  }

  /** Works until the signal aborts. */
  async run(): Promise<void> {
    const { options, checkpoints, clock, signal, pollInterval, changed } = this.#context;
    const { streams, streamArn, settings } = options;
    let resuming = checkpoints.size > 0;
    while (!signal.aborted) {
      const search = this.#search.next();
      const idleRequests = this.#context.idleRequests();
      const ends = this.#ends;
      const shards = await this.#context.callStream(() => listShards(streams, streamArn, signal));
      if (shards === undefined) return;
      // Only what the first look finds begins at the starting position: shards that appear later hold nothing but later changes.
      const begin = resuming ? "TRIM_HORIZON" : settings.startingPosition;
      if (begin === "LATEST") {
        for (const { shardId, closed } of shards) if (closed) checkpoints.set(shardId, { finished: true });
      }
      const finished = { has: (shardId: string) => this.#isFinished(shardId) };
      for (const { shardId } of readableShards(shards, this.#shards, finished)) await this.#begin(shardId, begin);
      resuming = true;
      this.#listed = { idleRequests, ends, shards };
      changed();
      if (this.#shards.size > 0) await search;
      else await Promise.race([search, this.#search.nextWithin(pollInterval, clock)]);
    }
  }

  async #begin(shardId: string, position: Position): Promise<void> {
    const shard = await openShard(shardId, position, this.#context);
    if (shard === undefined) return;
    this.#shards.set(shardId, shard);
    this.#work(shard.run());
  }

  #isFinished(shardId: string): boolean {
    return this.#context.checkpoints.get(shardId)?.finished === true;
  }

  #finished(shardId: string): void {
    this.#shards.delete(shardId);
    this.#ends += 1;
    this.#search.notify();
  }
}

/**
 * The shards that may be read now: a child only after its parent is finished, or when the stream has already trimmed the parent.
 * @param known says which shards are begun or finished
 */
export function readableShards(
  listed: readonly ListedShard[],
  known: { has(shardId: string): boolean },
  finished: { has(shardId: string): boolean },
): readonly ListedShard[] {
  const ids = new Set(listed.map(({ shardId }) => shardId));
  return listed.filter(({ shardId, parentShardId }) => {
    if (known.has(shardId) || finished.has(shardId)) return false;
    return parentShardId === undefined || !ids.has(parentShardId) || finished.has(parentShardId);
  });
}
