import { CopyError } from "../redshift/load-error.ts";

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
  /** COPYs that failed, or whose success Firehose did not learn of. */
  failedCopies: number;
  /** Objects that were given up and listed under `errors/manifests/`. */
  parked: number;
  /** Records that could not even be written to S3 within a day; they are gone. */
  lost: number;
}

/** The figures of a stream that has done nothing yet. */
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

/** A line in a delivery stream's error log, as CloudWatch shows it, with the cause and the objects in question added. */
export interface DeliveryError {
  readonly deliveryStreamARN: string;
  readonly deliveryStreamVersionId: number;
  /** The bucket's ARN or the JDBC URL. */
  readonly destination: string;
  /** Firehose's code, such as `Redshift.DataLoadFailed`. */
  readonly errorCode: string;
  /** What happened, in the destination's own words. */
  readonly message: string;
  /** The keys of the objects in question. */
  readonly objects: readonly string[];
  /** ISO 8601. */
  readonly time: string;
}

/** A failure that Firehose itself has a code for. */
export class DeliveryFailure extends Error {
  override readonly name = "DeliveryFailure";
  readonly errorCode: string;

  constructor(errorCode: string, message: string) {
    super(message);
    this.errorCode = errorCode;
  }
}

/** Firehose's code for why staging or loading failed. */
export function errorCode(error: unknown): string {
  if (error instanceof DeliveryFailure) return error.errorCode;
  if (error instanceof CopyError) return `Redshift.${error.kind}`;
  const { name } = error as Error;
  return ["NoSuchBucket", "AccessDenied"].includes(name) ? `S3.${name}` : "InternalError";
}
