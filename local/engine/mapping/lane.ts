import { type BatchLimits, nextBatch } from "./batch.ts";
import type { Clock } from "./clock.ts";
import { Pulse } from "./pulse.ts";
import type { QueuedRecord } from "./queued-record.ts";

/** What a shard gives its records to. */
export interface ShardLane {
  /** Appends a record. */
  push(record: QueuedRecord): void;
  /** Says that no more records come: what waits is delivered at once. */
  end(): void;
  /** Works until the lane has ended and is empty, or the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/** Delivers the records that it is given one batch after the other: a batch that fails holds up what follows it in the lane. */
export class Lane implements ShardLane {
  readonly #limits: BatchLimits;
  readonly #clock: Clock;
  readonly #deliver: (batch: readonly QueuedRecord[]) => Promise<void>;
  readonly #changed = new Pulse();
  #waiting: QueuedRecord[] = [];
  #windowOpened = 0;
  #ended = false;

  constructor(limits: BatchLimits, clock: Clock, deliver: (batch: readonly QueuedRecord[]) => Promise<void>) {
    this.#limits = limits;
    this.#clock = clock;
    this.#deliver = deliver;
  }

  /** Appends a record. The first one that waits opens the window. */
  push(record: QueuedRecord): void {
    if (this.#waiting.length === 0) this.#windowOpened = this.#clock.now();
    this.#waiting.push(record);
    this.#changed.fire();
  }

  end(): void {
    this.#ended = true;
    this.#changed.fire();
  }

  async run(signal: AbortSignal): Promise<void> {
    const wake = () => this.#changed.fire();
    signal.addEventListener("abort", wake, { once: true });
    while (!signal.aborted && !(this.#ended && this.#waiting.length === 0)) {
      if (this.#waiting.length === 0) {
        await this.#changed.next();
        continue;
      }
      const openFor = this.#clock.now() - this.#windowOpened;
      const { take, wait } = nextBatch(this.#waiting, this.#limits, openFor, this.#ended);
      if (take === 0) {
        await this.#changed.nextWithin(wait, this.#clock);
        continue;
      }
      await this.#deliver(this.#waiting.splice(0, take));
      this.#windowOpened = this.#clock.now(); // the next window opens when the invocation is over
    }
    signal.removeEventListener("abort", wake);
  }
}
