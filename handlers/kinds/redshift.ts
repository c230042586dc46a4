import { type Claim, type ClaimSettings, claim, claimUri, connectStore, type Store } from "../core/claim-check.ts";
import type { Call, Change, Deliver } from "../core/contract.ts";
import type { ImageForm } from "../core/image-json.ts";
import { connectFirehose, record, type SentRow } from "./redshift/firehose.ts";
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

interface Row extends SentRow {
  /** What has to be stored before the row, which points to it, may be sent. */
  readonly claim?: Claim;
}

/**
 * Sends each change as a row to the change log, through Firehose. Rows travel packed into full records, because each record
 * is billed in steps of 5 KB. No order is kept and duplicates may come: each row carries its version. Images that no
 * row can hold are stored first, while the other rows are sent.
 */
export function connect(settings: Settings): Deliver {
  const send = connectFirehose(settings.deliveryStreamName);
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
    const claims = rows.filter((one) => one.claim !== undefined);
    const [lost, { stored, unstored }] = await Promise.all([
      send(
        rows.filter((one) => one.claim === undefined),
        call,
      ),
      storeAll(claims, storeClaim, call),
    ]);
    for (const { change } of [...lost, ...unstored, ...(await send(stored, call))]) failed.push(change);
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

/** Stores what the rows point to; answers with those that may be sent, and with those that may not be. */
async function storeAll(rows: readonly Row[], store: Store | undefined, call: Call) {
  const stored: Row[] = [];
  const unstored: Row[] = [];
  const work = rows.map(async (one) => {
    const problem = await store!(one.claim!, call);
    if (problem === undefined) {
      stored.push(one);
    } else {
      call.explain(one.change, problem);
      unstored.push(one);
    }
  });
  await Promise.all(work);
  return { stored, unstored };
}
