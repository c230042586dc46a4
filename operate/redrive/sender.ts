import type { LambdaClient } from "@aws-sdk/client-lambda";
import { halves } from "../../handlers/core/requests.ts";
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
    if (!this.#chunk.isEmpty) await this.#deliver(this.#chunk.take().map(({ record }) => record));
  }

  /** Sends records but those that must wait; what Lambda or the function refuses together again in halves, until a record is refused alone. */
  async #deliver(records: readonly EventRecord[]): Promise<void> {
    const { held = [], sent = [] } = Object.groupBy(records, (record) =>
      this.#failedKeys.has(keyOf(record)) ? "held" : "sent",
    );
    for (const record of held) await this.#settle(record, [failure(record, earlierFailed)]);
    if (sent.length === 0) return;
    const { lambda, functionArn } = this.#options;
    const invoked = await invoke(lambda, functionArn, sent, this.#isDown ? waitSeconds.after : waitSeconds.first);
    const parts = "problem" in invoked ? halves(sent) : [];
    for (const part of parts) await this.#deliver(part);
    if (parts.length > 0) return;
    const failures = "problem" in invoked ? sent.map((record) => failure(record, invoked.problem)) : invoked.failures;
    const byRecord = Map.groupBy(failures, ({ sequenceNumber }) => sequenceNumber);
    if ("failures" in invoked) this.#isDown = byRecord.size === sent.length;
    for (const record of sent) await this.#settle(record, byRecord.get(record.dynamodb.SequenceNumber) ?? []);
  }

  async #settle(record: EventRecord, failures: readonly RecordFailure[]): Promise<void> {
    const { ordered, settled } = this.#options;
    // What the function itself failed with has arrived nowhere.
    const holdsBack = failures.some(({ destination }) => destination === undefined || ordered.includes(destination));
    if (ordered.length > 0 && holdsBack) this.#failedKeys.add(keyOf(record));
    await settled(record, failures);
  }
}

function failure({ dynamodb }: EventRecord, reason: string): RecordFailure {
  return { sequenceNumber: dynamodb.SequenceNumber, reason };
}

const earlierFailed = "An earlier change of its key has failed in this run.";

function keyOf({ dynamodb }: EventRecord): string {
  const entries = Object.entries((dynamodb.Keys ?? {}) as Record<string, unknown>);
  return JSON.stringify(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
