import type { LambdaClient } from "@aws-sdk/client-lambda";
import { invoke, type RecordFailure } from "./consumer-function.ts";
import type { EventRecord } from "./failure-message.ts";

/** Seconds that the function may wait for a destination that is down, and that it may wait once it has been found so. */
const waitSeconds = { first: 30, after: 2 };

/** What one invocation carries at most: some less than Lambda's 6 MB, and as many records as 30 seconds are enough for. */
export const limits = { bytes: 5 * 1024 * 1024, count: 500 };

/** Things with a size that are sent together. */
export class Chunk<T extends { readonly bytes: number }> {
  #items: T[] = [];
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  /** Whether another one still fits; one that is larger than the limit fits alone. */
  hasRoomFor({ bytes }: T): boolean {
    return this.isEmpty || (this.#items.length < limits.count && this.#bytes + bytes <= limits.bytes);
  }

  add(item: T): void {
    this.#items.push(item);
    this.#bytes += item.bytes + 1; // the comma
  }

  /** Empties it. */
  take(): readonly T[] {
    const items = this.#items;
    this.#items = [];
    this.#bytes = 0;
    return items;
  }
}

export interface SenderOptions {
  readonly lambda: LambdaClient;
  readonly functionArn: string;
  /** The destinations at which a change waits for the earlier ones of its key. */
  readonly ordered: readonly string[];
  /** Called with each record and its failures, none if it was delivered. */
  settled(record: EventRecord, failures: readonly RecordFailure[]): Promise<void>;
}

interface Sized {
  readonly record: EventRecord;
  readonly bytes: number;
}

/** Sends records in their order, with as few invocations as Lambda's limits allow. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #chunk = new Chunk<Sized>();
  /** The keys of which a change has failed where order matters. */
  readonly #failedKeys = new Set<string>();
  #isDown = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Takes a record, which may wait for others to be sent with it. */
  async send(record: EventRecord): Promise<void> {
    const sized = { record, bytes: Buffer.byteLength(JSON.stringify(record)) };
    if (!this.#chunk.hasRoomFor(sized)) await this.flush();
    this.#chunk.add(sized);
  }

  /** Sends what waits. */
  async flush(): Promise<void> {
    if (this.#chunk.isEmpty) return;
    const all = this.#chunk.take().map(({ record }) => record);
    const { lambda, functionArn, ordered, settled } = this.#options;
    const sent = all.filter((record) => !this.#failedKeys.has(keyOf(record)));
    const seconds = this.#isDown ? waitSeconds.after : waitSeconds.first;
    const failures = sent.length === 0 ? [] : await invoke(lambda, functionArn, sent, seconds);
    const byRecord = Map.groupBy(failures, ({ sequenceNumber }) => sequenceNumber);
    if (sent.length > 0) this.#isDown = byRecord.size === sent.length;
    const isSent = new Set(sent);
    for (const record of all) {
      const { SequenceNumber: sequenceNumber } = record.dynamodb;
      const failed = isSent.has(record)
        ? (byRecord.get(sequenceNumber) ?? [])
        : [{ sequenceNumber, reason: earlierFailed }];
      // What the function itself failed with has arrived nowhere.
      const holdsBack = failed.some(({ destination }) => destination === undefined || ordered.includes(destination));
      if (ordered.length > 0 && holdsBack) this.#failedKeys.add(keyOf(record));
      await settled(record, failed);
    }
  }
}

const earlierFailed = "An earlier change of its key has failed in this run.";

function keyOf({ dynamodb }: EventRecord): string {
  const entries = Object.entries((dynamodb.Keys ?? {}) as Record<string, unknown>);
  return JSON.stringify(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
