import { CopyError } from "../redshift/load-error.ts";

/** A line in a delivery stream's error log, as CloudWatch shows it, with what an operator of this machine wants to know besides. */
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
