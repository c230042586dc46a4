import type { UnitsByPlace } from "../../terminal/json.ts";
import type { RecordFailure } from "./consumer-function.ts";

/** Records that were not delivered again, for one reason. */
export interface StillFailing {
  readonly destination?: string | undefined;
  readonly reason: string;
  readonly records: number;
  /** The sequence number of the first of them, for the function's log. */
  readonly first: string;
  /** The ids of the messages that they are in. */
  readonly messages: readonly string[];
}

/** A message whose records the stream does not have any more, or not all of them. */
export interface Trimmed {
  readonly messageId: string;
  readonly shardId: string;
  readonly first: string;
  readonly last: string;
  /** When the first and the last record were made. */
  readonly arrived: readonly [first: string, last: string];
  /** How many records failed. */
  readonly records: number;
}

export interface NotUnderstood {
  readonly messageId: string;
  readonly problem: string;
}

/** What became of the messages in one failure queue. */
export interface ConsumerResult {
  readonly destinations: readonly string[];
  readonly function: string;
  readonly failureQueue: string;
  /** Messages that were found. */
  readonly messages: number;
  /** Records that were delivered; in a dry run, those that would be sent. */
  readonly redriven: number;
  /** Records in the messages' ranges that the mapping's filters pass over. */
  readonly filteredOut: number;
  readonly stillFailing: readonly StillFailing[];
  readonly trimmed: readonly Trimmed[];
  readonly notUnderstood: readonly NotUnderstood[];
  /** Messages that were deleted without being brought back, as asked for; in a dry run, those that would be. */
  readonly discarded: number;
  /** Messages that are still in the queue. */
  readonly left: number;
}

/** What the numbers of a consumer's result count. */
export const consumerUnits: UnitsByPlace = {
  messages: "messages",
  redriven: "records",
  filteredOut: "records",
  "stillFailing.records": "records",
  "trimmed.records": "records",
  discarded: "messages",
  left: "messages",
};

/** What a redrive comes to. */
export interface Result {
  readonly target: string;
  readonly dryRun: boolean;
  readonly consumers: readonly ConsumerResult[];
  /** What became of the messages that were to be discarded: then nothing else was done. */
  readonly discard?: {
    /** Ids of those that are in no failure queue. */
    readonly notFound: readonly string[];
  };
}

/** Whether nothing is left in any failure queue. */
export function nothingLeft({ consumers }: Result): boolean {
  return consumers.every(({ left }) => left === 0);
}

/** Whether what was asked for is done: nothing is left, or every message that was to be discarded was there. */
export function isDone(result: Result): boolean {
  return result.discard === undefined ? nothingLeft(result) : result.discard.notFound.length === 0;
}

/** Counts what becomes of the records of one failure queue. */
export class RecordTally {
  #redriven = 0;
  #filteredOut = 0;
  readonly #stillFailing = new Map<string, StillFailing>();

  get redriven(): number {
    return this.#redriven;
  }

  /** A record that the filters passed over. */
  addFilteredOut(): void {
    this.#filteredOut++;
  }

  /**
   * A record that was sent, or in a dry run would be, and what it failed with: nothing, if it was delivered.
   * @param messages the ids of those that it is in
   */
  addSent(failures: readonly RecordFailure[], messages: readonly string[] = []): void {
    if (failures.length === 0) this.#redriven++;
    for (const { destination, reason, sequenceNumber } of failures) {
      const key = `${destination}\n${reason}`;
      const none = { destination, reason, records: 0, first: sequenceNumber, messages: [] };
      const known = this.#stillFailing.get(key) ?? none;
      const all = [...new Set([...known.messages, ...messages])];
      this.#stillFailing.set(key, { ...known, records: known.records + 1, messages: all });
    }
  }

  /** What has been counted. */
  get result(): Pick<ConsumerResult, "redriven" | "filteredOut" | "stillFailing"> {
    const stillFailing = [...this.#stillFailing.values()];
    return { redriven: this.#redriven, filteredOut: this.#filteredOut, stillFailing };
  }
}
