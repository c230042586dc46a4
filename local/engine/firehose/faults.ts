/** What can go wrong in Firehose when somebody wants it to. Both are asked once per event, in order, so a seeded generator repeats itself. */
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
  /** Which attempt for these objects this is, from 1. */
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
