import { createHash } from "node:crypto";
import type { DynamoDBRecord } from "aws-lambda";
import { type Clock, Notifier } from "../waiting.ts";
import type { QueuedRecord } from "./decode.ts";

/** When a batch is sent. */
export interface BatchLimits {
  /** The most records in a batch. */
  readonly batchSize: number;
  /** How long records may be gathered, in milliseconds. */
  readonly batchingWindow: number;
  /** The event's size without records, in bytes. @default that of an event that is nothing but records */
  readonly envelope?: number;
}

/** Lambda's limit for an invocation's payload: 6 MB, whatever the settings say. */
export const largestPayload = 6 * 1024 * 1024;

/** `{"Records":[]}` */
const bareEnvelope = 14;

/** What a lane does next. */
export type LaneStep =
  /** Delivers the first `take` records. */
  | { readonly kind: "deliver"; readonly take: number }
  /** Looks again after so many milliseconds, or when something changes. */
  | { readonly kind: "wait"; readonly milliseconds: number }
  /** Makes the open tumbling window's final invocation. */
  | { readonly kind: "closeWindow" }
  | { readonly kind: "finished" };

/**
 * Decides whether the records that wait, of which there is at least one, make a batch. A batch is sent when it is full (by
 * count, or because the next record would make its JSON larger than 6 MB), when its batching window is over, or when no
 * more records can come. Without a batching window, whatever has been read is a batch: whether Lambda would read once more
 * to fill it is not documented. A record that alone exceeds 6 MB travels alone.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching
 * @param gatheredFor for how long the records have been gathered, in milliseconds
 * @param ended whether no more records can come
 */
export function nextBatch(
  waiting: readonly { readonly bytes: number }[],
  limits: BatchLimits,
  gatheredFor: number,
  ended: boolean,
): LaneStep {
  const most = Math.min(waiting.length, limits.batchSize);
  let take = 0;
  for (let bytes = limits.envelope ?? bareEnvelope; take < most; take += 1) {
    bytes += waiting[take]!.bytes + (take === 0 ? 0 : 1);
    if (take > 0 && bytes > largestPayload) break;
  }
  const full = take === limits.batchSize || take < waiting.length;
  const left = limits.batchingWindow - gatheredFor;
  return full || ended || left <= 0 ? { kind: "deliver", take } : { kind: "wait", milliseconds: left };
}

/** What a lane looks like at a moment. */
export interface LaneView {
  /** The records that wait, in the shard's order. */
  readonly waiting: readonly Pick<QueuedRecord, "bytes" | "createdAt">[];
  /** For how long the batch has been gathered, in milliseconds. */
  readonly gatheredFor: number;
  /** Whether no more records come. */
  readonly ended: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Decides for a lane. */
export interface LaneStrategy {
  next(view: LaneView): LaneStep;
  /** Carries the step `closeWindow` out. */
  closeWindow?(): Promise<void>;
}

/** The strategy without tumbling windows: one batch after the other. */
export function batchByBatch(limits: BatchLimits): LaneStrategy {
  return {
    next({ waiting, gatheredFor, ended }) {
      if (waiting.length === 0) return ended ? { kind: "finished" } : untilChange;
      return nextBatch(waiting, limits, gatheredFor, ended);
    },
  };
}

/** Waits until there is a record, or no more records come. */
export const untilChange: LaneStep = { kind: "wait", milliseconds: Number.POSITIVE_INFINITY };

/** Delivers the records of a shard that it is given one batch after the other: a batch that fails holds up what follows it in the lane. */
export class Lane {
  readonly #strategy: LaneStrategy;
  readonly #clock: Clock;
  readonly #deliver: (batch: readonly QueuedRecord[]) => Promise<void>;
  readonly #changed = new Notifier();
  #waiting: QueuedRecord[] = [];
  #gatheringSince = 0;
  #ended = false;

  constructor(strategy: LaneStrategy, clock: Clock, deliver: (batch: readonly QueuedRecord[]) => Promise<void>) {
    this.#strategy = strategy;
    this.#clock = clock;
    this.#deliver = deliver;
  }

  /** Appends a record. The first one that waits begins a batch. */
  push(record: QueuedRecord): void {
    if (this.#waiting.length === 0) this.#gatheringSince = this.#clock.now();
    this.#waiting.push(record);
    this.#changed.notify();
  }

  /** Says that no more records come: what waits is delivered at once. */
  end(): void {
    this.#ended = true;
    this.#changed.notify();
  }

  /** Works until the lane has ended and is empty, or the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const wake = () => this.#changed.notify();
    signal.addEventListener("abort", wake, { once: true });
    while (!signal.aborted) {
      const now = this.#clock.now();
      const gatheredFor = now - this.#gatheringSince;
      const step = this.#strategy.next({ waiting: this.#waiting, gatheredFor, ended: this.#ended, now });
      if (step.kind === "finished") break;
      if (step.kind === "wait") await this.#wait(step.milliseconds);
      else if (step.kind === "closeWindow") await this.#strategy.closeWindow?.();
      else {
        await this.#deliver(this.#waiting.splice(0, step.take));
        this.#gatheringSince = this.#clock.now(); // the next batch begins when the invocation is over
      }
    }
    signal.removeEventListener("abort", wake);
  }

  async #wait(milliseconds: number): Promise<void> {
    if (milliseconds === Number.POSITIVE_INFINITY) await this.#changed.next();
    else await this.#changed.nextWithin(milliseconds, this.#clock);
  }
}

/**
 * The lane, from 0, in which a record of a shard travels: always the same for the same item (partition and sort key), so
 * that its changes stay in order. How Lambda spreads keys is not documented; here by a hash of the key's attributes.
 * @param lanes the parallelization factor
 */
export function laneOf(record: DynamoDBRecord, lanes: number): number {
  if (lanes === 1) return 0;
  const keys = Object.entries(record.dynamodb?.Keys ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(keys)).digest().readUInt32BE() % lanes;
}
