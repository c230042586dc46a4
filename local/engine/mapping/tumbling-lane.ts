import type { BatchLimits } from "./batch.ts";
import type { Clock } from "./clock.ts";
import type { ShardLane } from "./lane.ts";
import { Pulse } from "./pulse.ts";
import type { QueuedRecord } from "./queued-record.ts";
import { nextTumblingStep } from "./tumbling.ts";
import type { TumblingWindows } from "./tumbling-windows.ts";

/** Delivers the records that it is given window by window, and completes each window before the next one begins. */
export class TumblingLane implements ShardLane {
  readonly #limits: BatchLimits;
  readonly #size: number;
  readonly #windows: TumblingWindows;
  readonly #clock: Clock;
  readonly #deliver: (batch: readonly QueuedRecord[]) => Promise<void>;
  readonly #changed = new Pulse();
  #waiting: QueuedRecord[] = [];
  #batchOpened = 0;
  #ended = false;

  /** @param size of the windows, in seconds */
  constructor(
    limits: BatchLimits,
    size: number,
    windows: TumblingWindows,
    clock: Clock,
    deliver: (batch: readonly QueuedRecord[]) => Promise<void>,
  ) {
    this.#limits = limits;
    this.#size = size;
    this.#windows = windows;
    this.#clock = clock;
    this.#deliver = deliver;
  }

  push(record: QueuedRecord): void {
    if (this.#waiting.length === 0) this.#batchOpened = this.#clock.now();
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
    while (!signal.aborted) {
      const step = this.#next();
      if (step.kind === "finished") break;
      if (step.kind === "wait") await this.#wait(step.milliseconds);
      else if (step.kind === "close") await this.#windows.close();
      else {
        await this.#deliver(this.#waiting.splice(0, step.take));
        this.#batchOpened = this.#clock.now();
      }
    }
    signal.removeEventListener("abort", wake);
  }

  #next() {
    const now = this.#clock.now();
    const { open, isTooLarge, quietUntil } = this.#windows;
    const openFor = now - this.#batchOpened;
    const view = { waiting: this.#waiting, open, isTooLarge, quietUntil, ended: this.#ended, openFor, now };
    return nextTumblingStep(view, this.#limits, this.#size);
  }

  async #wait(milliseconds: number): Promise<void> {
    if (milliseconds === Number.POSITIVE_INFINITY) await this.#changed.next();
    else await this.#changed.nextWithin(milliseconds, this.#clock);
  }
}
