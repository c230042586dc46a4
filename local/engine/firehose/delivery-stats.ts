/** What a delivery stream has done so far. */
export interface DeliveryStats {
  /** Calls of PutRecord and PutRecordBatch that were answered with success, entirely or in part. */
  calls: number;
  /** Records that were taken. */
  records: number;
  /** Their bytes, before compression. */
  bytes: number;
  /** What they are billed as, in units of 5 KB; each record is rounded up. */
  billedUnits: number;
  /** Records that a call reported as failed. */
  failedEntries: number;
  /** Data objects written to S3. */
  objects: number;
  /** COPYs that loaded something. */
  copies: number;
  /** Rows that they loaded, duplicates included. */
  rows: number;
  /** COPYs that failed, or of whose success Firehose did not learn. */
  failedCopies: number;
  /** Objects that were given up and listed under `errors/manifests/`. */
  parked: number;
  /** Records that could not even be written to S3 within a day; they are gone. */
  lost: number;
}

/** Those of a stream that has done nothing yet. */
export function noStats(): DeliveryStats {
  return {
    calls: 0,
    records: 0,
    bytes: 0,
    billedUnits: 0,
    failedEntries: 0,
    objects: 0,
    copies: 0,
    rows: 0,
    failedCopies: 0,
    parked: 0,
    lost: 0,
  };
}
