import type { OpenWindow } from "./window.ts";

/** How far a shard is settled. */
export interface Checkpoint {
  /** The last sequence number up to which everything is accepted or discarded; absent if nothing is yet. */
  readonly settledThrough?: string;
  /** Where reading goes on if nothing has been read since it began at the shard's end; such iterators expire after 15 minutes. */
  readonly iterator?: string;
  /** Whether the shard is closed and settled to its end. */
  readonly finished: boolean;
  /** The tumbling window that the records up to here have opened, with the state that they have led to. */
  readonly window?: OpenWindow;
}

/**
 * The checkpoints of a mapping by shard id. A mapping that is started with the checkpoints of an earlier one resumes where that
 * one stopped; what was under way then is delivered again.
 */
export type Checkpoints = Map<string, Checkpoint>;
