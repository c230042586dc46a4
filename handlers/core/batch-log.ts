import { failuresOf, type Outcome, type Wait } from "./outcome.ts";
import { type Batch, firstVersion } from "./read-batch.ts";

/** The most failures that one line spells out: it must stay readable, and within the 256 KB of a log event. */
const mostFailures = 20;

/** What the log says about an invocation. */
export interface Invocation {
  readonly functionName: string;
  readonly requestId: string;
}

/**
 * One batch as one log entry. Lambda takes a line of JSON that has `timestamp` and `level` into its JSON log as it is, and
 * filters by its level. It names changes by sequence number and event id: items and keys have no place in a log.
 */
export function batchLog(invocation: Invocation, batch: Batch, outcomes: ReadonlyMap<string, Outcome>) {
  const { changes, poison } = batch;
  const failures = [...failuresOf(changes, outcomes)].map(({ destination, change, reason }) => ({
    destination,
    sequenceNumber: change.version,
    eventId: change.eventId,
    reason,
  }));
  const failed = failures.length + poison.length;
  return {
    timestamp: new Date().toISOString(),
    level: failed > 0 ? "WARN" : "INFO",
    message: failed > 0 ? "batch delivered in part" : "batch delivered",
    ...invocation,
    records: batch.records,
    firstSequenceNumber: firstVersion(batch),
    lastSequenceNumber: poison.at(-1)?.version ?? changes.at(-1)?.version,
    ...(batch.redrive && { redrive: true }),
    sourceBytes: changes.reduce((sum, { bytes }) => sum + bytes, 0),
    destinations: Object.fromEntries(
      [...outcomes].map(([name, outcome]) => [
        name,
        {
          delivered: changes.length - outcome.failed.size,
          failed: outcome.failed.size,
          retries: outcome.retries,
          calls: outcome.calls,
          bytes: outcome.bytes,
          ms: outcome.ms,
        },
      ]),
    ),
    ...(poison[0] && { undecodable: { sequenceNumber: poison[0].version, reason: poison[0].problem } }),
    ...(failures.length > 0 && { failures: failures.slice(0, mostFailures) }),
    ...(failures.length > mostFailures && { failuresNotShown: failures.length - mostFailures }),
  };
}

/** A destination that is being waited for, as a log entry: the batch's own comes only when the wait is over. */
export function waitLog(invocation: Invocation, destination: string, { reason, seconds }: Wait) {
  const message = "waiting for a destination";
  return { timestamp: new Date().toISOString(), level: "WARN", message, ...invocation, destination, seconds, reason };
}
