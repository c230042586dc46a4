import type { _Record as ApiRecord } from "@aws-sdk/client-dynamodb-streams";
import { largestPayload } from "./batch.ts";
import type { Checkpoints } from "./checkpoints.ts";
import type { Clock } from "./clock.ts";
import { Lane, type ShardLane } from "./lane.ts";
import { laneOf } from "./lanes.ts";
import { Progress } from "./progress.ts";
import { Pulse } from "./pulse.ts";
import type { QueuedRecord } from "./queued-record.ts";
import type { MappingSettings } from "./settings.ts";
import type { Page } from "./shard-reader.ts";
import { TumblingLane } from "./tumbling-lane.ts";
import type { TumblingWindows } from "./tumbling-windows.ts";

/** What reading and delivering one shard needs from its surroundings. */
export interface ShardWork {
  readonly shardId: string;
  readonly settings: MappingSettings;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly checkpoints: Checkpoints;
  /** Absent without tumbling windows. */
  readonly windows?: TumblingWindows;
  /** Milliseconds between reads that bring nothing. */
  readonly pollInterval: number;
  /** Reads the shard's next page; empty if the signal has aborted. */
  read(): Promise<Page>;
  /** Decodes a record, or says that the filters pass it over. */
  decode(record: ApiRecord): Omit<QueuedRecord, "place"> | { readonly filtered: string };
  deliver(batch: readonly QueuedRecord[], settled: (records: readonly QueuedRecord[]) => void): Promise<void>;
  /** The number of the latest request to say when everything is read. */
  request(): number;
  /** Fires when there is a new request. */
  readonly requested: Pulse;
  /** Called whenever what `reached` answers may have changed. */
  changed(): void;
  /** Called when the shard is finished, in the same step in which its checkpoint says so. */
  finished(): void;
}

/** One shard on its way: a reader, which reads a bounded way ahead, and as many lanes as the parallelization factor says. */
export class Shard {
  readonly #work: ShardWork;
  readonly #progress: Progress;
  readonly #lanes: readonly ShardLane[];
  readonly #settled = new Pulse();
  /** When the shard's end was last seen: the request that was known before the read, and how many records had been read. */
  #tip = { request: -1, read: 0 };
  #settledThrough: string | undefined;

  constructor(work: ShardWork) {
    this.#work = work;
    this.#settledThrough = work.checkpoints.get(work.shardId)?.settledThrough;
    this.#progress = new Progress((settledThrough) => {
      this.#settledThrough = settledThrough;
      this.#note(false);
    });
    const { batchSize, maximumBatchingWindowInSeconds, parallelizationFactor, tumblingWindowInSeconds } = work.settings;
    const limits = { batchSize, window: 1000 * maximumBatchingWindowInSeconds };
    const deliver = (batch: readonly QueuedRecord[]) => work.deliver(batch, (records) => this.#settle(records));
    this.#lanes = work.windows
      ? [new TumblingLane(limits, tumblingWindowInSeconds, work.windows, work.clock, deliver)]
      : Array.from({ length: parallelizationFactor }, () => new Lane(limits, work.clock, deliver));
  }

  /** Whether a read that began after the request found the end, all that it had read is settled, and no window is open. */
  reached(request: number): boolean {
    const { request: seen, read } = this.#tip;
    return seen >= request && this.#progress.settled >= read && this.#work.windows?.open === undefined;
  }

  /** Told that a tumbling window is completed: a mapping that resumes must not complete it again. */
  windowClosed(): void {
    this.#note(false);
    this.#work.changed();
  }

  /** Works until the shard is finished or the signal aborts. */
  async run(): Promise<void> {
    const { signal } = this.#work;
    await Promise.all([this.#readAll(), ...this.#lanes.map((lane) => lane.run(signal))]);
    if (signal.aborted) return;
    // One step: who sees a finished shard must see that its children are still to be looked for.
    this.#note(true);
    this.#work.finished();
  }

  #note(finished: boolean): void {
    const settledThrough = this.#settledThrough;
    const window = this.#work.windows?.open;
    this.#work.checkpoints.set(this.#work.shardId, {
      ...(settledThrough !== undefined && { settledThrough }),
      finished,
      ...(window && { window }),
    });
  }

  async #readAll(): Promise<void> {
    const { signal, clock, pollInterval, requested } = this.#work;
    const wake = () => {
      this.#settled.fire();
      requested.fire();
    };
    signal.addEventListener("abort", wake, { once: true });
    while (!signal.aborted) {
      if (this.#isFarAhead()) {
        await this.#settled.next();
        continue;
      }
      const request = this.#work.request();
      const { records, ended } = await this.#work.read();
      if (signal.aborted) break;
      for (const record of records) this.#take(record);
      if (ended) {
        for (const lane of this.#lanes) lane.end();
        break;
      }
      if (records.length > 0) continue;
      this.#tip = { request, read: this.#progress.read };
      this.#work.changed();
      if (this.#work.request() === request) await requested.nextWithin(pollInterval, clock);
    }
    signal.removeEventListener("abort", wake);
  }

  // Whether AWS counts a batch's records before or after the filters is not documented. Here it is after: records that
  // the function does not get take up no room.
  #take(record: ApiRecord): void {
    const decoded = this.#work.decode(record);
    if ("filtered" in decoded) {
      this.#progress.settle([this.#progress.add(decoded.filtered, 0)]);
      return;
    }
    const place = this.#progress.add(decoded.sequenceNumber, decoded.bytes);
    this.#lanes[laneOf(decoded.record, this.#lanes.length)]!.push({ ...decoded, place });
  }

  #settle(records: readonly QueuedRecord[]): void {
    this.#progress.settle(records.map(({ place }) => place));
    this.#settled.fire();
    this.#work.changed();
  }

  // Enough for every lane to gather a full batch while another is under way, and no more: memory stays bounded. A lane that is
  // held up therefore holds up the others once the reader is this far ahead; where Lambda stops is not documented.
  #isFarAhead(): boolean {
    const { batchSize } = this.#work.settings;
    const batches = this.#lanes.length + 1;
    return (
      this.#progress.outstanding >= batches * batchSize || this.#progress.outstandingBytes >= batches * largestPayload
    );
  }
}
