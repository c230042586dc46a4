import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import type { Call, Change } from "../../core/contract.ts";
import { errorLine, isRefusal, isRefusalCode, type RefusalCodes } from "../../core/errors.ts";
import { concurrently, halves, pause, sdkOptions, timeLimit } from "../../core/requests.ts";

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
      for (const { records, reason, refused } of await put(client, stream, batch.items, call)) {
        const rows = rowsOf(records);
        for (const { change } of rows) call.explain(change, reason);
        if (refused) lost.push(...rows);
        else again.push(...records);
        last = reason;
      }
    });
    if (again.length > 0 && !(await pause(attempt, call, last))) return [...lost, ...rowsOf(again)];
    attempt = rowsOf(again).length < rowsOf(pending).length ? 1 : attempt + 1; // what makes progress is not down
    pending = again;
  }
  return lost;
}

function rowsOf(records: readonly FirehoseRecord[]): SentRow[] {
  return records.flatMap(({ items }) => items);
}

/** Records that are not stored. */
interface Failure {
  readonly records: readonly FirehoseRecord[];
  readonly reason: string;
  /** Whether sending them again is of no use. */
  readonly refused: boolean;
}

/** Puts records; those that are refused together again in halves, until a row is refused alone. */
async function put(
  client: FirehoseClient,
  stream: string,
  records: readonly FirehoseRecord[],
  call: Call,
): Promise<Failure[]> {
  const final: Failure[] = [];
  for (const failure of await putOnce(client, stream, records, call)) {
    const parts = failure.refused ? partsOf(failure.records) : [];
    if (parts.length === 0) final.push(failure);
    for (const part of parts) final.push(...(await put(client, stream, part, call)));
  }
  return final;
}

/** The halves of several records, or of a single one's rows; none of a single row. */
function partsOf(records: readonly FirehoseRecord[]): readonly (readonly FirehoseRecord[])[] {
  return records.length > 1 ? halves(records) : halves(rowsOf(records)).map((rows) => pack(rows, record));
}

/** One request; Firehose answers entry by entry, in the order of the request, and says 200 even if none was stored. */
async function putOnce(
  client: FirehoseClient,
  stream: string,
  records: readonly FirehoseRecord[],
  call: Call,
): Promise<Failure[]> {
  const Records = records.map(({ items }) => ({ Data: Buffer.from(items.map(({ line }) => line).join("")) }));
  try {
    const abortSignal = timeLimit(call);
    call.sent(records.reduce((sum, { bytes }) => sum + bytes, 0));
    const command = new PutRecordBatchCommand({ DeliveryStreamName: stream, Records });
    const { RequestResponses = [] } = await client.send(command, { abortSignal });
    return records.flatMap((one, i) => {
      const { RecordId, ErrorCode, ErrorMessage } = RequestResponses[i] ?? {};
      if (RecordId !== undefined && ErrorCode === undefined) return [];
      const code = ErrorCode ?? "no answer";
      return {
        records: [one],
        reason: `Firehose: ${code}: ${ErrorMessage ?? ""}`,
        refused: isRefusalCode(code, refusals),
      };
    });
  } catch (error) {
    return [{ records, reason: `Firehose: ${errorLine(error)}`, refused: isRefusal(error, refusals) }];
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
