import type { _Record as ApiRecord } from "@aws-sdk/client-dynamodb-streams";
import type { DynamoDBStreamEvent } from "aws-lambda";
import { type Clock, Notifier } from "../waiting.ts";
import { type Checkpoints, Progress } from "./checkpoint.ts";
import { type Decoded, eventSourceArnOf, type QueuedRecord } from "./decode.ts";
import { deliverBatch } from "./deliver.ts";
import { batchByBatch, Lane, laneOf, largestPayload } from "./gather.ts";
import { giveUpWith } from "./give-up.ts";
import type { MappingOptions } from "./options.ts";
import { type Position, ShardReader } from "./read.ts";
import type { MutableStats } from "./stats.ts";
import { TumblingWindows } from "./windows/tumbling-windows.ts";

/** What a shard uses of the mapping that it belongs to. */
export interface ShardContext {
  readonly options: MappingOptions;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly checkpoints: Checkpoints;
  readonly stats: MutableStats;
  /** Milliseconds between reads that return nothing. */
  readonly pollInterval: number;
  backoff(failures: number): number;
  decode(record: ApiRecord): Decoded;
  /** Makes a call of the stream until it succeeds; undefined if the mapping ends first. */
  callStream<T>(call: () => Promise<T>): Promise<T | undefined>;
  /** Reports a problem. */
  report(what: string, cause?: unknown): void;
  /** Ends the mapping. */
  fail(error: unknown): void;
  /** How often it has been asked when the mapping is idle. */
  idleRequests(): number;
  /** Notifies when that is asked once more. */
  readonly idleRequested: Notifier;
  /** Called whenever what `isIdle` answers may have changed. */
  changed(): void;
  /** Called when a shard is finished, in the same step in which its checkpoint says so. */
  finished(shardId: string): void;
}

/** Makes a shard ready to run: at its checkpoint, or else where `begin` says. Undefined if the mapping ends first. */
export async function openShard(shardId: string, begin: Position, context: ShardContext): Promise<Shard | undefined> {
  const { options, signal, checkpoints, report } = context;
  const { settledThrough, iterator } = checkpoints.get(shardId) ?? {};
  const unsettled = iterator === undefined ? begin : { iterator };
  const from = settledThrough === undefined ? unsettled : { after: settledThrough };
  const onLoss = (reason: string) => report(`may have lost changes of shard ${shardId}: ${reason}`);
  const reader = new ShardReader(options.streams, options.streamArn, shardId, from, onLoss);
  await context.callStream(() => reader.open(signal));
  return signal.aborted ? undefined : new Shard(shardId, reader, context);
}

/** One shard: a reader, which reads a bounded way ahead, and as many lanes as the parallelization factor says. */
export class Shard {
  readonly #shardId: string;
  readonly #reader: ShardReader;
  readonly #context: ShardContext;
  readonly #progress: Progress;
  /** Undefined without tumbling windows. */
  readonly #windows: TumblingWindows | undefined;
  readonly #lanes: readonly Lane[];
  readonly #settled = new Notifier();
  /** When the shard's end was last seen: the idle requests that were known before the read, and how many records had been read. */
  #endSeen = { idleRequests: -1, read: 0 };

  constructor(shardId: string, reader: ShardReader, context: ShardContext) {
    this.#shardId = shardId;
    this.#reader = reader;
    this.#context = context;
    const { options, clock, signal, checkpoints, stats, backoff, report } = context;
    const { settings, functionArn, timeScale = 1 } = options;
    const { batchSize, maximumBatchingWindowInSeconds, parallelizationFactor, tumblingWindowInSeconds } = settings;
    const limits = { batchSize, batchingWindow: 1000 * maximumBatchingWindowInSeconds };
    const source = { functionArn, eventSourceArn: eventSourceArnOf(options), shardId };
    const invoke = (event: DynamoDBStreamEvent) => options.invoke(event, signal);
    const answered = (records: number, reason: string | undefined) => options.onAnswer?.(records, reason);
    const common = { settings, clock, signal, stats, invoke, backoff, answered };

    const open = checkpoints.get(shardId)?.window;
    const closed = () => {
      this.#progress.write(); // a mapping that resumes must not complete the window again
      context.changed();
    };
    this.#windows =
      tumblingWindowInSeconds > 0
        ? new TumblingWindows({ ...common, limits, source, ...(open && { open }), timeScale, closed })
        : undefined;
    const send = options.sendToFailureDestination?.bind(options);
    const delivery = {
      ...common,
      ...(this.#windows && { windows: this.#windows }),
      giveUp: giveUpWith({ source, send, clock, stats, report, onDrop: options.onDrop?.bind(options) }),
      settled: (records: readonly QueuedRecord[]) => this.#settle(records),
    };
    const deliver = (batch: readonly QueuedRecord[]) => deliverBatch(batch, delivery).catch(context.fail);
    const strategy = this.#windows ?? batchByBatch(limits);
    const lanes = this.#windows ? 1 : parallelizationFactor;
    this.#lanes = Array.from({ length: lanes }, () => new Lane(strategy, clock, deliver));
    this.#progress = new Progress(shardId, checkpoints, () => this.#windows?.open);
    this.#noteLatest();
  }

  /** Whether a read that began after the idle request found the end, all that it had read is settled, and no window is open. */
  isIdle(idleRequest: number): boolean {
    const { idleRequests, read } = this.#endSeen;
    return idleRequests >= idleRequest && this.#progress.settled >= read && this.#windows?.open === undefined;
  }

  /** Works until the shard is finished or the signal aborts. */
  async run(): Promise<void> {
    const { signal, finished } = this.#context;
    await Promise.all([this.#readAll(), ...this.#lanes.map((lane) => lane.run(signal))]);
    if (signal.aborted) return;
    // In one step: the mapping must not look idle while the children of a finished shard are still to be found.
    this.#progress.write({ finished: true });
    finished(this.#shardId);
  }

  async #readAll(): Promise<void> {
    const { signal, clock, pollInterval, idleRequests, idleRequested, changed } = this.#context;
    const wake = () => {
      this.#settled.notify();
      idleRequested.notify();
    };
    signal.addEventListener("abort", wake, { once: true });
    while (!signal.aborted) {
      if (this.#isFarAhead()) {
        await this.#settled.next();
        continue;
      }
      const requests = idleRequests();
      const page = await this.#context.callStream(() => this.#reader.read(signal));
      this.#noteLatest();
      if (page === undefined || signal.aborted) break;
      for (const record of page.records) this.#queue(record);
      if (page.ended) {
        for (const lane of this.#lanes) lane.end();
        break;
      }
      if (page.records.length > 0) continue;
      this.#endSeen = { idleRequests: requests, read: this.#progress.read };
      changed();
      if (idleRequests() === requests) await idleRequested.nextWithin(pollInterval, clock);
    }
    signal.removeEventListener("abort", wake);
  }

  /** A mapping that resumes must find what was written since this one began, though nothing is settled by which to find it. */
  #noteLatest(): void {
    const iterator = this.#reader.latest;
    if (iterator !== undefined) this.#context.checkpoints.set(this.#shardId, { iterator, finished: false });
  }

  // Whether AWS counts a batch's records before or after the filters is not documented. Here it is after: records that
  // the function does not get take up no room.
  #queue(record: ApiRecord): void {
    const decoded = this.#context.decode(record);
    if ("filteredOut" in decoded) {
      this.#progress.settle([this.#progress.add(decoded.filteredOut, 0)]);
      return;
    }
    const entry = this.#progress.add(decoded.sequenceNumber, decoded.bytes);
    this.#lanes[laneOf(decoded.record, this.#lanes.length)]!.push({ ...decoded, entry });
  }

  #settle(records: readonly QueuedRecord[]): void {
    this.#progress.settle(records.map(({ entry }) => entry));
    this.#settled.notify();
    this.#context.changed();
  }

  // Enough for every lane to gather a full batch while another is under way, and no more: memory stays bounded. A lane that is
  // held up therefore holds up the others once the reader is this far ahead; where Lambda stops is not documented.
  #isFarAhead(): boolean {
    const { batchSize } = this.#context.options.settings;
    const batches = this.#lanes.length + 1;
    const { outstanding, outstandingBytes } = this.#progress;
    return outstanding >= batches * batchSize || outstandingBytes >= batches * largestPayload;
  }
}
