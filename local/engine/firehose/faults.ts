import { ServiceError } from "./protocol.ts";

/** What goes wrong in Firehose on purpose. Both are asked once per event, in order, so a seeded generator repeats itself. */
export interface Faults {
  /** Asked for each record of each call. */
  record?(record: RecordEvent): RecordFault | undefined;
  /** Asked for each attempt to COPY. */
  copy?(attempt: CopyEvent): CopyFault | undefined | Promise<CopyFault | undefined>;
}

export interface RecordEvent {
  readonly stream: string;
  /** The record's place in its call, from 0. */
  readonly index: number;
  readonly data: Buffer;
}

export interface CopyEvent {
  readonly stream: string;
  /** The keys of the objects to be loaded. */
  readonly objects: readonly string[];
  /** The number of the attempt for these objects, from 1. */
  readonly attempt: number;
}

/** The answer says that the record failed. */
export interface RecordFault {
  readonly errorCode: "ServiceUnavailableException" | "InternalFailure";
  /** Whether Firehose took it all the same, so that resending makes a duplicate. @default false */
  readonly taken?: boolean;
}

/**
 * - `refuse`: the connection fails and nothing is loaded.
 * - `repeat`: the same objects are loaded twice.
 * - `forget`: the objects are loaded but Firehose does not learn of it, and tries again.
 */
export type CopyFault = "refuse" | "repeat" | "forget";

const messages: Readonly<Record<RecordFault["errorCode"], string>> = {
  ServiceUnavailableException: "Slow down.",
  InternalFailure: "Internal service failure.",
};

/** What a fault makes of the answer for its record in a PutRecordBatch. */
export function failedEntry({ errorCode }: RecordFault): { readonly ErrorCode: string; readonly ErrorMessage: string } {
  return { ErrorCode: errorCode, ErrorMessage: messages[errorCode] };
}

/** What a PutRecord is answered with because of a fault. */
export function recordFailure({ errorCode }: RecordFault): ServiceError {
  return new ServiceError(errorCode, messages[errorCode], errorCode === "InternalFailure" ? 500 : 503);
}
