import type { ChildProcess } from "node:child_process";

/** A DynamoDB Local that is being started. */
export interface Launched {
  readonly child: ChildProcess;
  /** Its address, once that is known; pending for ever if the process ends before. */
  readonly endpoint: Promise<string>;
  /** Takes away what the process itself leaves behind. */
  remove(): Promise<void>;
}
