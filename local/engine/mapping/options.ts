import type { _Record as ApiRecord, DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import type { DynamoDBStreamEvent } from "aws-lambda";
import type { Invocation } from "../invocation.ts";
import type { Clock } from "../waiting.ts";
import type { Checkpoints } from "./checkpoint.ts";
import type { FailureRecord } from "./give-up.ts";
import type { MappingSettings } from "./settings.ts";
import type { MappingStats } from "./stats.ts";

export interface MappingOptions {
  /** The mapping's id, for its messages. */
  readonly uuid: string;
  /** For failure messages. */
  readonly functionArn: string;
  /** The stream as its endpoint knows it; DynamoDB Local's ARNs have the Region `ddblocal`. */
  readonly streamArn: string;
  /** The stream's ARN in events and failure messages. @default `streamArn` with `region` as its Region */
  readonly eventSourceArn?: string;
  /** The Region that events name. */
  readonly region: string;
  /** Made by `mappingSettings`. */
  readonly settings: MappingSettings;
  readonly streams: DynamoDBStreamsClient;
  /**
   * Invokes the function and waits for its answer. The signal aborts when the mapping is stopped; `stop()` waits for
   * the answer.
   * @throws InvocationRefused for a throttle or a service error; anything else ends the mapping
   */
  invoke(event: DynamoDBStreamEvent, signal: AbortSignal): Promise<Invocation>;
  /** Sends a message about records that are given up to the on-failure destination. If it rejects, they are dropped and the problem is reported. */
  sendToFailureDestination?(record: FailureRecord, event: DynamoDBStreamEvent): Promise<void>;
  /**
   * Called after each invocation that reached the function: with the number of its records, of which the last one of a tumbling
   * window has none, and why it did not succeed, or undefined.
   */
  onAnswer?(records: number, reason: string | undefined): void;
  /** Called with what a failure message would say about records that are given up without one, because there is no destination. */
  onDrop?(record: FailureRecord): void;
  /** Called with what goes wrong while the mapping goes on, and with the failure that ends it. @default one line on stderr */
  onProblem?(problem: Error): void;
  /** Where to resume, and where progress is written. @default none: reading begins at the starting position */
  readonly checkpoints?: Checkpoints;
  /** @default the machine's clock */
  readonly clock?: Clock;
  /** Milliseconds to wait after so many failures in a row. @default see `backoff` */
  backoff?(failures: number): number;
  /** How long a second lasts that a tumbling window only waits for its end, in seconds. @default 1 */
  readonly timeScale?: number;
  /** Milliseconds between reads that return nothing. @default 250: four a second, as Lambda */
  readonly pollInterval?: number;
}

/**
 * What a mapping is doing, in Lambda's words. It is `Creating` or `Enabling` until it is certain where reading begins, and
 * `Disabling` until the invocations under way have ended.
 */
export type MappingState = "Creating" | "Enabled" | "Disabling" | "Disabled" | "Enabling";

/** A running mapping. */
export interface Mapping {
  readonly state: MappingState;
  /** Resolves once it is certain where reading begins: with LATEST, changes made from then on are read. At once if it is disabled. */
  started(): Promise<void>;
  /**
   * Resolves once every change made before the call has been read, and accepted or given up; batching and tumbling
   * windows run their course. While changes keep coming it resolves when a read first finds nothing new. A mapping that is
   * disabled, or becomes so, is waited for only until its invocations under way have ended. Rejects if the mapping fails or is stopped.
   */
  idle(): Promise<void>;
  /**
   * Enables or disables it; `state` says when that is done. A disabled mapping reads and delivers nothing and keeps its place: once
   * enabled, it goes on with what is not settled, each record with all of its attempts. One that began at LATEST and has not read
   * a record keeps its place for 15 minutes, and reports it if it comes back later.
   * @throws if it is on its way to another state, has failed, or was stopped
   */
  setEnabled(enabled: boolean): void;
  /** Ends reading and delivering. An invocation under way is waited for; what is not settled is delivered again after a restart. */
  stop(): Promise<void>;
  /** What last went wrong, as long as nothing has gone right since: why an invocation did not succeed, or the stream could not be read. */
  readonly trouble: string | undefined;
  /** Rejects when the mapping fails: it reads and delivers nothing more. Stays pending if that never happens. */
  readonly failed: Promise<never>;
  /** Whether the filters let a record of the stream through to the function. */
  passes(record: ApiRecord): boolean;
  readonly stats: MappingStats;
}
