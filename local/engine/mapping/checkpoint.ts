import type { OpenWindow } from "./windows/window.ts";

/** How far a shard is settled: a record is settled when it is accepted or given up. */
export interface Checkpoint {
  /** The last sequence number up to which everything is settled; absent if nothing is yet. */
  readonly settledThrough?: string;
  /** Where reading goes on if nothing has been read since it began at the shard's end; such iterators expire after 15 minutes. */
  readonly iterator?: string;
  /** Whether the shard is closed and settled to its end. */
  readonly finished: boolean;
  /** The tumbling window that the records up to here have opened, with the state that they have led to. */
  readonly window?: OpenWindow;
}

/**
 * The checkpoints of a mapping by shard id. A mapping that is started with the checkpoints of an earlier one resumes where that
 * one stopped; what was under way then is delivered again.
 */
export type Checkpoints = Map<string, Checkpoint>;

/** A record that has been read, as the progress of its shard knows it. */
export interface ProgressEntry {
  readonly sequenceNumber: string;
  readonly bytes: number;
  settled: boolean;
}

/**
 * Which of a shard's records are settled, and the shard's checkpoint. Lanes settle out of order; the checkpoint only passes
 * what is settled without a gap.
 */
export class Progress {
  readonly #shardId: string;
  readonly #checkpoints: Checkpoints;
  readonly #openWindow: () => OpenWindow | undefined;
  #settledThrough: string | undefined;
  #entries: ProgressEntry[] = [];
  #read = 0;
  #settled = 0;
  #bytes = 0;

  /**
   * @param checkpoints where the shard's checkpoint is found, and written whenever it moves
   * @param openWindow the tumbling window that is part of the checkpoint
   */
  constructor(shardId: string, checkpoints: Checkpoints, openWindow: () => OpenWindow | undefined = () => undefined) {
    this.#shardId = shardId;
    this.#checkpoints = checkpoints;
    this.#openWindow = openWindow;
    this.#settledThrough = checkpoints.get(shardId)?.settledThrough;
  }

  /** How many records have been read. */
  get read(): number {
    return this.#read;
  }

  /** How many of the first records are settled without a gap. */
  get settled(): number {
    return this.#settled;
  }

  /** Records between the checkpoint and the last one read. */
  get outstanding(): number {
    return this.#read - this.#settled;
  }

  /** The size of the records that are outstanding. */
  get outstandingBytes(): number {
    return this.#bytes;
  }

  /** Adds the record that the shard has next. */
  add(sequenceNumber: string, bytes: number): ProgressEntry {
    const entry = { sequenceNumber, bytes, settled: false };
    this.#entries.push(entry);
    this.#read += 1;
    this.#bytes += bytes;
    return entry;
  }

  /** Marks records as settled, and moves the checkpoint if it can move. */
  settle(entries: readonly ProgressEntry[]): void {
    for (const entry of entries) entry.settled = true;
    let gone = 0;
    while (this.#entries[gone]?.settled) {
      this.#bytes -= this.#entries[gone]!.bytes;
      gone += 1;
    }
    if (gone === 0) return;
    this.#settledThrough = this.#entries[gone - 1]!.sequenceNumber;
    this.#entries = this.#entries.slice(gone);
    this.#settled += gone;
    this.write();
  }

  /** Writes the checkpoint. */
  write({ finished = false } = {}): void {
    const settledThrough = this.#settledThrough;
    const window = this.#openWindow();
    this.#checkpoints.set(this.#shardId, {
      ...(settledThrough !== undefined && { settledThrough }),
      finished,
      ...(window && { window }),
    });
  }
}
