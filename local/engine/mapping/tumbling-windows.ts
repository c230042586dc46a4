import type { Clock } from "./clock.ts";
import type { Invocation } from "./deliver-batch.ts";
import { InvocationRefused } from "./invocation-refused.ts";
import { classify, stateOf } from "./outcome.ts";
import type { QueuedRecord } from "./queued-record.ts";
import type { Tally } from "./stats.ts";
import { isTooLarge, type OpenWindow, quietUntil, windowOf } from "./window.ts";
import { type WindowEvent, type WindowPlace, windowEvent } from "./window-event.ts";

export interface TumblingWindowsOptions {
  /** In seconds. */
  readonly size: number;
  readonly place: WindowPlace;
  /** Whether the function may answer with `batchItemFailures`. */
  readonly reportsItems: boolean;
  /** A window that an earlier run left open. */
  readonly open?: OpenWindow;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly tally: Tally;
  /** How long a second of waiting for a window's end lasts, in seconds. */
  readonly timeScale: number;
  /** @throws InvocationRefused if the function was not reached */
  invoke(event: WindowEvent): Promise<Invocation>;
  /** Milliseconds before the final invocation is tried again. */
  backoff(failures: number): number;
  /** Told when a window is completed. */
  closed(): void;
}

/**
 * The tumbling windows of a shard, of which at most one is open. The function gets the window's state with each
 * invocation and returns the next one. Undocumented, and so decided here:
 * * A failed invocation leaves the state as it was; one that got on with a part of its records returns the state for
 *   that part. Records that are given up are missing from the state, and the window goes on.
 * * A window that ends early hands the too large state over in its final invocation, so that nothing is lost. If
 *   records of the same window follow, it opens again, with a fresh state, as the event libraries of AWS describe it.
 * * The open window is part of the checkpoint: a mapping that resumes goes on with the state that its checkpoint
 *   belongs to.
 */
export class TumblingWindows {
  readonly #options: TumblingWindowsOptions;
  #open: OpenWindow | undefined;
  #isTooLarge = false;
  #quietUntil = 0;

  constructor(options: TumblingWindowsOptions) {
    this.#options = options;
    if (options.open !== undefined) this.#set(options.open);
  }

  get open(): OpenWindow | undefined {
    return this.#open;
  }

  /** Whether the open window has to end early. */
  get isTooLarge(): boolean {
    return this.#isTooLarge;
  }

  /** Until when the open window waits for more records, in milliseconds since the epoch. */
  get quietUntil(): number {
    return this.#quietUntil;
  }

  /** The event that brings records to the function, in the open window or else in the one that the first of them would open. */
  event(records: readonly QueuedRecord[]): WindowEvent {
    const { size, place } = this.#options;
    const open = this.#open ?? opened(records[0]!, size);
    return windowEvent(
      open,
      records.map(({ record }) => record),
      place,
    );
  }

  /** Opens the window of a record that is about to be delivered, if none is open. */
  enter(record: QueuedRecord): void {
    if (this.#open === undefined) this.#set(opened(record, this.#options.size));
  }

  /** Takes the state out of an answer that settled records of the open window. */
  accept(payload: unknown): void {
    this.#set({ ...this.#open!, state: stateOf(payload) });
  }

  /**
   * Completes the open window: invokes the function for the last time with its state, without records, until that
   * succeeds. Documented is that processing is suspended until a successful invocation; so the limits of retries and
   * age, which bound what is done for records, do not end this.
   */
  async close(): Promise<void> {
    const { clock, signal, backoff } = this.#options;
    for (let failures = 1; !signal.aborted; failures += 1) {
      if (await this.#finish()) {
        this.#open = undefined;
        this.#isTooLarge = false;
        this.#options.closed();
        return;
      }
      await clock.sleep(backoff(failures), signal);
    }
  }

  async #finish(): Promise<boolean> {
    const { invoke, place, reportsItems, tally } = this.#options;
    try {
      const answer = await invoke(windowEvent(this.#open!, [], place, { early: this.#isTooLarge }));
      tally.invocations += 1;
      const succeeded = classify(answer, [], { reportsItems, needsState: true }).kind === "success";
      if (succeeded) tally.windows += 1;
      else tally.failedInvocations += 1;
      return succeeded;
    } catch (error) {
      if (!(error instanceof InvocationRefused)) throw error;
      tally.refusedInvocations += 1;
      return false;
    }
  }

  #set(open: OpenWindow): void {
    this.#open = open;
    this.#isTooLarge = isTooLarge(open.state);
    this.#quietUntil = quietUntil(open, this.#options.clock.now(), this.#options.timeScale);
  }
}

function opened({ createdAt }: QueuedRecord, size: number): OpenWindow {
  return { ...windowOf(createdAt, size), state: {} };
}
