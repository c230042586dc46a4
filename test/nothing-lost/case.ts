import type { Image } from "../../handlers/core/contract.ts";
import type { StreamViewType } from "../../infra/settings/source.ts";
import type { FaultRule } from "../../local/engine/gateway/fault-rule.ts";

/** A whole run as plain data: the program's settings, what is written, and what goes wrong meanwhile. */
export interface Case {
  readonly table: Table;
  readonly consumers: readonly Consumer[];
  readonly steps: readonly Step[];
  readonly faults: FaultPlan;
}

export type KeyType = "S" | "N" | "B";

export interface Table {
  readonly hash: KeyType;
  readonly range?: KeyType;
  readonly view: StreamViewType;
  /** Which attribute is called `__proto__`, a name that JavaScript trips over: the hash key, or the one of its time to live. */
  readonly proto?: "key" | "end";
}

/** One function and mapping, and what they feed. */
export interface Consumer {
  readonly destinations: readonly Destination[];
  readonly mapping: {
    readonly batchSize: number;
    readonly maximumBatchingWindowInSeconds: number;
    readonly parallelizationFactor: number;
    readonly maximumRetryAttempts: number;
    readonly bisectBatchOnFunctionError: boolean;
  };
  readonly function: { readonly timeout: number; readonly reservedConcurrentExecutions?: number };
  /** The event names that the filter lets through; without it, all. */
  readonly only?: readonly string[];
}

export type Destination =
  | { readonly kind: "redshift"; readonly images: "typed" | "plain" }
  | { readonly kind: "sqs"; readonly images: "typed" | "plain"; readonly fifo: boolean }
  | { readonly kind: "replica" };

/** What is done to the table, one step after the other. Keys are numbers: `keyOf` says what they stand for. */
export type Step =
  | { readonly do: "put"; readonly key: number; readonly value: Value }
  | { readonly do: "remove"; readonly key: number }
  /** So many writes in bulk, to so many keys in turn; every fifth round deletes. */
  | { readonly do: "burst"; readonly writes: number; readonly keys: number }
  /** Time to live deletes what has ended. */
  | { readonly do: "expire" }
  /** Nothing more is written until all is delivered or given up. */
  | { readonly do: "settle" };

/** What an item holds besides its key, and a number that tells its writes apart. */
export type Value =
  | { readonly is: "plain" }
  /** Attributes of any type, with unusual names. */
  | { readonly is: "odd"; readonly attributes: Image }
  /** An item that has ended by its time to live. */
  | { readonly is: "ended" }
  /** A string with U+0000, which many a database cannot hold. */
  | { readonly is: "nul" }
  /** A string of more than 64 KiB: a warehouse refuses it. */
  | { readonly is: "long" }
  /** The attribute that a replica keeps for itself: it refuses the item. */
  | { readonly is: "reserved" }
  /** Near 400 KB of binary: with both images, more than a message or a row can carry. */
  | { readonly is: "large" };

/** What goes wrong, the same for the same seed. */
export interface FaultPlan {
  readonly seed: number;
  readonly rules: readonly FaultRule[];
}

/** Whether anything goes wrong besides what destinations refuse. */
export function isCalm({ faults: { rules }, consumers }: Case): boolean {
  return rules.length === 0 && consumers.every((one) => one.function.reservedConcurrentExecutions === undefined);
}
