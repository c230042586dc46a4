import type { FailureRecord } from "./mapping/failure-record.ts";

/** What happens in a program that runs. */
export type Happening =
  /** A function printed a line. */
  | { readonly kind: "log"; readonly functionName: string; readonly line: string }
  /** An invocation of a mapping failed, or answered with failures. */
  | {
      readonly kind: "failed batch";
      readonly functionName: string;
      /** Records in the batch. */
      readonly records: number;
      readonly reason: string;
    }
  /** A mapping's on-failure destination was told of records that are given up. */
  | {
      readonly kind: "failure message";
      readonly functionName: string;
      readonly destinationArn: string;
      readonly message: FailureRecord;
    };
