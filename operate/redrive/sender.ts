import type { LambdaClient } from "@aws-sdk/client-lambda";
import { Chunk } from "./chunk.ts";
import type { EventRecord } from "./failure-message.ts";
import { invoke, type RecordFailure } from "./invoke.ts";

/** Seconds that the function may wait for a destination that is down, and once it has been found so. */
const patience = { first: 30, after: 2 };

export interface SenderOptions {
  readonly lambda: LambdaClient;
  readonly functionArn: string;
  /** The destinations at which a change waits for the earlier ones of its key. */
  readonly ordered: readonly string[];
  /** Told of each record once it is known what became of it: undefined if it was delivered. */
  settled(record: EventRecord, failures: readonly RecordFailure[]): Promise<void>;
}

interface Sized {
  readonly record: EventRecord;
  readonly bytes: number;
}

/** Sends records in their order, as few invocations as Lambda's limits allow. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #chunk = new Chunk<Sized>();
  /** The keys of which a change has failed where order matters. */
  readonly #behind = new Set<string>();
  #isDown = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Takes a record, which may wait for others to be sent with. */
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
    const sent = all.filter((record) => !this.#behind.has(keyOf(record)));
    const seconds = this.#isDown ? patience.after : patience.first;
    const failures = sent.length === 0 ? [] : await invoke(lambda, functionArn, sent, seconds);
    const byRecord = Map.groupBy(failures, ({ sequenceNumber }) => sequenceNumber);
    if (sent.length > 0) this.#isDown = byRecord.size === sent.length;
    const isSent = new Set(sent);
    for (const record of all) {
      const { SequenceNumber: sequenceNumber } = record.dynamodb;
      const failed = isSent.has(record) ? (byRecord.get(sequenceNumber) ?? []) : [{ sequenceNumber, reason: heldBack }];
      // What the function itself failed with has arrived nowhere.
      const holdsBack = failed.some(({ destination }) => destination === undefined || ordered.includes(destination));
      if (ordered.length > 0 && holdsBack) this.#behind.add(keyOf(record));
      await settled(record, failed);
    }
  }
}

const heldBack = "An earlier change of its key has failed in this run.";

function keyOf({ dynamodb }: EventRecord): string {
  const entries = Object.entries((dynamodb.Keys ?? {}) as Record<string, unknown>);
  return JSON.stringify(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
