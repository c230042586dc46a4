import { type Invocation, InvocationRefused } from "../../invocation.ts";
import type { Clock } from "../../waiting.ts";
import { classify, reasonOf, stateOf } from "../decide.ts";
import type { QueuedRecord } from "../decode.ts";
import type { BatchLimits, LaneStep, LaneStrategy, LaneView } from "../gather.ts";
import type { MappingSettings } from "../settings.ts";
import type { MutableStats } from "../stats.ts";
import { nextStep } from "./next-step.ts";
import {
  isTooLarge,
  type OpenWindow,
  quietUntil,
  type WindowEvent,
  type WindowSource,
  windowEvent,
  windowOf,
} from "./window.ts";

interface TumblingWindowsOptions {
  readonly settings: MappingSettings;
  readonly limits: BatchLimits;
  readonly source: WindowSource;
  /** A window that an earlier run left open. */
  readonly open?: OpenWindow;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly stats: MutableStats;
  /** How long a second of waiting for a window's end lasts, in seconds. */
  readonly timeScale: number;
  /** @throws InvocationRefused if the function was not reached */
  invoke(event: WindowEvent): Promise<Invocation>;
  /** Called after each invocation that completes a window, or does not: then with the reason. */
  answered(records: number, reason: string | undefined): void;
  /** Milliseconds before the final invocation is tried again. */
  backoff(failures: number): number;
  /** Called when a window is completed. */
  closed(): void;
}

/**
 * The tumbling windows of a shard, of which at most one is open. Its lane delivers the records window by window, and
 * completes each window before the next one begins. The function gets the window's state with each invocation and
 * returns the next one. Undocumented, and so decided here:
 * * A failed invocation leaves the state as it was; one that processed the first of its records returns the state for
 *   those. Records that are given up are missing from the state, and the window goes on.
 * * A window that ends early hands the too large state over in its final invocation, so that nothing is lost. If
 *   records of the same window follow, it opens again, with a fresh state, as the event libraries of AWS describe it.
 * * The open window is part of the checkpoint: a mapping that resumes goes on with the state that its checkpoint
 *   belongs to.
 */
export class TumblingWindows implements LaneStrategy {
  readonly #options: TumblingWindowsOptions;
  /** In seconds. */
  readonly #size: number;
  #open: OpenWindow | undefined;
  #isTooLarge = false;
  #quietUntil = 0;

  constructor(options: TumblingWindowsOptions) {
    this.#options = options;
    this.#size = options.settings.tumblingWindowInSeconds;
    if (options.open !== undefined) this.#set(options.open);
  }

  get open(): OpenWindow | undefined {
    return this.#open;
  }

  /** Whether the open window has to end early. */
  get isTooLarge(): boolean {
    return this.#isTooLarge;
  }

  next(view: LaneView): LaneStep {
    const windowView = { ...view, open: this.#open, isTooLarge: this.#isTooLarge, quietUntil: this.#quietUntil };
    return nextStep(windowView, this.#options.limits, this.#size);
  }

  /** The event with which records are delivered, in the open window or else in the one that the first of them would open. */
  event(records: readonly QueuedRecord[]): WindowEvent {
    const open = this.#open ?? opened(records[0]!, this.#size);
    const eventRecords = records.map(({ record }) => record);
    return windowEvent(open, eventRecords, this.#options.source);
  }

  /** Opens the window of a record that is about to be delivered, if none is open. */
  enter(record: QueuedRecord): void {
    if (this.#open === undefined) this.#set(opened(record, this.#size));
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
  async closeWindow(): Promise<void> {
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
    const { answered, invoke, source, settings, stats } = this.#options;
    const reportsItems = settings.functionResponseTypes.length > 0;
    try {
      const answer = await invoke(windowEvent(this.#open!, [], source, { early: this.#isTooLarge }));
      stats.invocations += 1;
      const outcome = classify(answer, [], { reportsItems, needsState: true });
      const succeeded = outcome.kind === "success";
      answered(0, reasonOf(outcome, answer.payload));
      if (succeeded) stats.windows += 1;
      else stats.failedInvocations += 1;
      return succeeded;
    } catch (error) {
      if (!(error instanceof InvocationRefused)) throw error;
      stats.refusedInvocations += 1;
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
