import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import type { Call, Change } from "../../core/contract.ts";
import { errorLine, isRefusal, isRefusalCode, type RefusalCodes } from "../../core/errors.ts";
import { concurrently, pause, sdkOptions, timeLimit } from "../../core/requests.ts";

/**
 * How Firehose refuses, for a whole request or one of its records, see
 * https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html.
 */
export const refusals: RefusalCodes = new Set([
  "InvalidArgumentException",
  "SerializationException",
  "ValidationException",
]);

/** A Firehose record, before base64: https://docs.aws.amazon.com/firehose/latest/dev/limits.html. */
export const record = { bytes: 1_024_000, count: Number.POSITIVE_INFINITY };
/** A PutRecordBatch request: same page. */
const request = { bytes: 4_194_304, count: 500 };
/** The 6 MB of an invocation seldom make more than two requests: this bounds the memory of the exceptions. */
const concurrency = 2;

/** A row as it is sent. */
export interface SentRow {
  readonly change: Change;
  readonly line: string;
  readonly bytes: number;
}

/** A record of rows; it is stored or lost as a whole. */
type FirehoseRecord = Bin<SentRow>;

/** Makes what sends rows to a delivery stream; answers with those that are not stored when the time is over. */
export function connectFirehose(stream: string): (rows: readonly SentRow[], call: Call) => Promise<readonly SentRow[]> {
  const client = new FirehoseClient(sdkOptions(concurrency));
  return (rows, call) => send(client, stream, pack(rows, record), call);
}

/** Sends the records, and those that fail again and again. */
async function send(client: FirehoseClient, stream: string, records: FirehoseRecord[], call: Call): Promise<SentRow[]> {
  const lost: SentRow[] = [];
  let pending = records;
  for (let attempt = 1; pending.length > 0; ) {
    const again: FirehoseRecord[] = [];
    let last = "";
    await concurrently(pack(pending, request), concurrency, async (batch) => {
      for (const { record: one, reason, refused } of await put(client, stream, batch, call)) {
        for (const { change } of one.items) call.explain(change, reason);
        if (refused) lost.push(...one.items);
        else again.push(one);
        last = reason;
      }
    });
    if (again.length > 0 && !(await pause(attempt, call, last)))
      return [...lost, ...again.flatMap(({ items }) => items)];
    attempt = again.length < pending.length ? 1 : attempt + 1; // what makes progress is not down
    pending = again;
  }
  return lost;
}

/** A record that is not stored. */
interface RecordFailure {
  readonly record: FirehoseRecord;
  readonly reason: string;
  /** Whether sending it again is of no use. */
  readonly refused: boolean;
}

/** One request; Firehose answers entry by entry, in the order of the request, and says 200 even if none was stored. */
async function put(
  client: FirehoseClient,
  stream: string,
  batch: Bin<FirehoseRecord>,
  call: Call,
): Promise<RecordFailure[]> {
  const Records = batch.items.map(({ items }) => ({ Data: Buffer.from(items.map(({ line }) => line).join("")) }));
  try {
    const abortSignal = timeLimit(call);
    call.sent(batch.bytes);
    const command = new PutRecordBatchCommand({ DeliveryStreamName: stream, Records });
    const { RequestResponses = [] } = await client.send(command, { abortSignal });
    return batch.items.flatMap((one, i) => {
      const { RecordId, ErrorCode, ErrorMessage } = RequestResponses[i] ?? {};
      if (RecordId !== undefined && ErrorCode === undefined) return [];
      const code = ErrorCode ?? "no answer";
      return {
        record: one,
        reason: `Firehose: ${code}: ${ErrorMessage ?? ""}`,
        refused: isRefusalCode(code, refusals),
      };
    });
  } catch (error) {
    const reason = `Firehose: ${errorLine(error)}`;
    return batch.items.map((one) => ({ record: one, reason, refused: isRefusal(error, refusals) }));
  }
}

/** Something with a size, in bytes. */
interface Sized {
  readonly bytes: number;
}

/** What one bin may hold. */
interface Limits {
  readonly bytes: number;
  readonly count: number;
}

/** Several things that travel together. */
interface Bin<T> extends Sized {
  readonly items: readonly T[];
}

/**
 * Packs things, none larger than a bin, in their order: each into the last bin, or into a new one if that has no room for it.
 * So what travels together, and fails together, are neighbours. As any two bins in a row exceed a bin, there are fewer than
 * twice as many as there have to be (where the number in a bin is not what limits it); as nearly all rows are far smaller
 * than a record, in practice every bin but the last is nearly full.
 */
export function pack<T extends Sized>(items: readonly T[], limits: Limits): Bin<T>[] {
  const bins: { items: T[]; bytes: number }[] = [];
  for (const item of items) {
    if (item.bytes > limits.bytes) throw new Error(`${item.bytes} bytes do not fit into a bin of ${limits.bytes}.`);
    const last = bins.at(-1);
    if (last !== undefined && last.bytes + item.bytes <= limits.bytes && last.items.length < limits.count) {
      last.items.push(item);
      last.bytes += item.bytes;
    } else {
      bins.push({ items: [item], bytes: item.bytes });
    }
  }
  return bins;
}
