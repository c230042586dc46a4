import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import type { Change } from "../core/change.ts";
import { type Claim, type ClaimSettings, claim, claimUri, connectStore, type Store } from "../core/claim-check.ts";
import { concurrently } from "../core/concurrently.ts";
import type { Call, Deliver } from "../core/deliver.ts";
import { describe, isRefusal, isRefusalCode } from "../core/errors.ts";
import type { ImageForm } from "../core/image-json.ts";
import { pause, timeLimit } from "../core/retry.ts";
import { sdkOptions } from "../core/sdk.ts";
import { type Bin, pack } from "./redshift/pack.ts";
import { claimRefusal, longestString, refusal } from "./redshift/refusal.ts";
import { claimBody, claimRow, row } from "./redshift/row.ts";

/** What the handler of a `redshift` destination is connected with. */
export interface Settings {
  /** Name of the Firehose delivery stream that feeds the change log. */
  readonly deliveryStreamName: string;
  /** How images travel. */
  readonly images: ImageForm;
  /**
   * The longest string that the warehouse takes in a SUPER value, in bytes.
   * @default 65535; a warehouse with `enable_large_strings_opt_in` takes 16000000
   */
  readonly maxStringBytes?: number;
  /** Where the bodies go that no row can hold; without it, a change that needs one is refused. */
  readonly claims?: ClaimSettings;
}

/** A Firehose record, before base64: https://docs.aws.amazon.com/firehose/latest/dev/limits.html. */
const record = { bytes: 1_024_000, count: Number.POSITIVE_INFINITY };
/** A PutRecordBatch call: same page. */
const request = { bytes: 4_194_304, count: 500 };
/** The 6 MB of an invocation seldom make more than two calls: this bounds the memory of the exceptions. */
const concurrency = 2;

interface Row {
  readonly change: Change;
  readonly line: string;
  readonly bytes: number;
  /** What has to be stored before the row, which points to it, may be sent. */
  readonly claim?: Claim;
}

/** A record of rows; it is stored or lost as a whole. */
interface FirehoseRecord {
  readonly rows: readonly Row[];
  readonly bytes: number;
}

/**
 * Sends each change as a row to the change log, through Firehose. Rows travel packed into full records, because each record
 * is billed in steps of 5 KB. No order is kept and duplicates may come: each row carries its version. Images that no
 * row can hold are stored first, while the other rows are sent.
 */
export function connect(settings: Settings): Deliver {
  const client = new FirehoseClient(sdkOptions(concurrency));
  const storeClaim = settings.claims && connectStore();
  return async (changes, call) => {
    const failed: Change[] = [];
    const rows: Row[] = [];
    const sentAt = new Date();
    for (const change of changes) {
      const made = makeRow(change, settings, sentAt);
      if (typeof made !== "string") {
        rows.push(made);
      } else {
        call.explain(change, made);
        failed.push(change);
      }
    }
    const sendAll = (some: readonly Row[]) => send(client, settings.deliveryStreamName, records(some), call);
    const [lost, { stored, refused }] = await Promise.all([
      sendAll(rows.filter((one) => one.claim === undefined)),
      storeAll(
        rows.filter((one) => one.claim !== undefined),
        storeClaim,
        call,
      ),
    ]);
    for (const { change } of [...lost, ...refused, ...(await sendAll(stored))]) failed.push(change);
    return failed;
  };
}

/** The row of a change, or why there can be none. */
function makeRow(change: Change, settings: Settings, sentAt: Date): Row | string {
  const { images, claims, maxStringBytes = longestString } = settings;
  const line = row(change, images, sentAt);
  const bytes = Buffer.byteLength(line);
  if (bytes <= record.bytes || claims === undefined)
    return refusal(change, maxStringBytes) ?? sizeRefusal(bytes) ?? { change, line, bytes };
  const problem = claimRefusal(change, maxStringBytes);
  if (problem !== undefined) return problem;
  const stored = claim(claims, change, claimBody(change, images));
  const pointer = claimRow(change, images, sentAt, claimUri(stored));
  return { change, line: pointer, bytes: Buffer.byteLength(pointer), claim: stored };
}

function sizeRefusal(bytes: number): string | undefined {
  if (bytes <= record.bytes) return undefined;
  return `Its row of ${bytes.toLocaleString("en")} bytes exceeds the ${record.bytes.toLocaleString("en")} of a Firehose record.`;
}

function records(rows: readonly Row[]): FirehoseRecord[] {
  return pack(rows, record).map(({ items, bytes }) => ({ rows: items, bytes }));
}

/** Stores what the rows point to; answers with those that may be sent, and with those that may not. */
async function storeAll(rows: readonly Row[], store: Store | undefined, call: Call) {
  const stored: Row[] = [];
  const refused: Row[] = [];
  const work = rows.map(async (one) => {
    const problem = await store!(one.claim!, call);
    if (problem === undefined) {
      stored.push(one);
    } else {
      call.explain(one.change, problem);
      refused.push(one);
    }
  });
  await Promise.all(work);
  return { stored, refused };
}

/** Sends the records, again and again those that fail, and answers with the rows that are not stored when time is over. */
async function send(client: FirehoseClient, stream: string, records: FirehoseRecord[], call: Call): Promise<Row[]> {
  const lost: Row[] = [];
  let pending = records;
  for (let attempt = 1; pending.length > 0; ) {
    const again: FirehoseRecord[] = [];
    let last = "";
    const explain = ({ rows }: FirehoseRecord, reason: string) => {
      for (const one of rows) call.explain(one.change, reason);
    };
    await concurrently(pack(pending, request), concurrency, async (batch) => {
      for (const { record: one, reason, final } of await put(client, stream, batch, call)) {
        explain(one, reason);
        if (final) lost.push(...one.rows);
        else again.push(one);
        last = reason;
      }
    });
    if (again.length > 0 && !(await pause(attempt, call, last))) return [...lost, ...again.flatMap(({ rows }) => rows)];
    attempt = again.length < pending.length ? 1 : attempt + 1; // what makes progress is not down
    pending = again;
  }
  return lost;
}

interface Failure {
  readonly record: FirehoseRecord;
  readonly reason: string;
  /** Whether sending the record again is of no use. */
  readonly final: boolean;
}

/** One call; Firehose answers entry by entry, in the order of the request, and says 200 even if none was stored. */
async function put(client: FirehoseClient, stream: string, batch: Bin<FirehoseRecord>, call: Call): Promise<Failure[]> {
  const Records = batch.items.map(({ rows }) => ({ Data: Buffer.from(rows.map(({ line }) => line).join("")) }));
  try {
    const abortSignal = timeLimit(call);
    call.sent(batch.bytes);
    const command = new PutRecordBatchCommand({ DeliveryStreamName: stream, Records });
    const { RequestResponses = [] } = await client.send(command, { abortSignal });
    return batch.items.flatMap((one, i) => {
      const { RecordId, ErrorCode, ErrorMessage } = RequestResponses[i] ?? {};
      if (RecordId !== undefined && ErrorCode === undefined) return [];
      const code = ErrorCode ?? "no answer";
      return { record: one, reason: `Firehose: ${code}: ${ErrorMessage ?? ""}`, final: isRefusalCode(code) };
    });
  } catch (error) {
    const reason = `Firehose: ${describe(error)}`;
    return batch.items.map((one) => ({ record: one, reason, final: isRefusal(error) }));
  }
}
