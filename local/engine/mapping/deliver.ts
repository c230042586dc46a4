import { randomUUID } from "node:crypto";
import type { DynamoDBStreamEvent } from "aws-lambda";
import { type Invocation, InvocationRefused } from "../invocation.ts";
import type { Clock } from "../waiting.ts";
import { afterRefusal, type BatchPart, classify, decide, reasonOf, untried } from "./decide.ts";
import type { QueuedRecord } from "./decode.ts";
import type { Condition, GivenUp } from "./give-up.ts";
import type { MappingSettings } from "./settings.ts";
import { type MutableStats, measured } from "./stats.ts";
import type { TumblingWindows } from "./windows/tumbling-windows.ts";

/** With what batches are delivered. */
export interface Delivery {
  readonly settings: MappingSettings;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly stats: MutableStats;
  /** The shard's tumbling windows, if it has any: all records of the batch belong to the one that is open. */
  readonly windows?: TumblingWindows;
  /** @throws InvocationRefused if the function was not reached */
  invoke(event: DynamoDBStreamEvent): Promise<Invocation>;
  /** Called after each invocation that reached the function, with the reason if it did not succeed. */
  answered(records: number, reason: string | undefined): void;
  /** Gives records up. */
  giveUp(givenUp: GivenUp, event: DynamoDBStreamEvent): Promise<void>;
  /** Called with records that are settled: accepted or given up. */
  settled(records: readonly QueuedRecord[]): void;
  /** Milliseconds before the same records are tried again. */
  backoff(failures: number): number;
}

type Part = BatchPart<QueuedRecord>;

/**
 * Delivers a batch until each of its records is accepted or given up, first to last. Ends early, with the rest unsettled, when the
 * signal aborts; an invocation that is under way is still waited for.
 */
export async function deliverBatch(batch: readonly QueuedRecord[], delivery: Delivery): Promise<void> {
  const { settings, clock, signal, stats, windows } = delivery;
  const rules = { reportsItems: settings.functionResponseTypes.length > 0, needsState: windows !== undefined };
  const toEvent = (records: readonly QueuedRecord[]): DynamoDBStreamEvent =>
    windows?.event(records) ?? { Records: records.map(({ record }) => record) };
  let last: Invocation | undefined;
  let parts: readonly Part[] = [untried(batch)];
  stats.batches += 1;

  const settle = (records: readonly QueuedRecord[]) => {
    for (const { readAt } of records) stats.lag = measured(stats.lag, clock.now() - readAt);
    delivery.settled(records);
  };
  const giveUp = async (condition: Condition, part: Part) => {
    const known = part.attempts > 0 ? last : undefined;
    const { requestId, functionError } = known ?? { requestId: randomUUID(), functionError: null };
    const { records, attempts } = part;
    await delivery.giveUp({ condition, records, attempts, requestId, functionError }, toEvent(records));
    settle(records);
  };
  const pause = (part: Part) => clock.sleep(delivery.backoff(part.attempts + part.refusals), signal);

  while (parts.length > 0 && !signal.aborted) {
    const [part, ...others] = parts as [Part, ...Part[]];
    const { records } = part;
    if (windows?.isTooLarge) {
      await windows.closeWindow();
      continue;
    }

    const expired = expiredHead(records, clock.now(), settings.maximumRecordAgeInSeconds);
    if (expired > 0) {
      await giveUp("RecordAgeExceeded", { ...part, records: records.slice(0, expired) });
      parts = expired < records.length ? [{ ...part, records: records.slice(expired) }, ...others] : others;
      continue;
    }

    stats.iteratorAge = measured(stats.iteratorAge, clock.now() - records.at(-1)!.createdAt);
    windows?.enter(records[0]!);
    try {
      last = await delivery.invoke(toEvent(records));
    } catch (error) {
      if (!(error instanceof InvocationRefused)) throw error;
      stats.refusedInvocations += 1;
      parts = [afterRefusal(part), ...others];
      await pause(parts[0]!);
      continue;
    }
    stats.invocations += 1;

    const sequenceNumbers = records.map(({ sequenceNumber }) => sequenceNumber);
    const outcome = classify(last, sequenceNumbers, rules);
    if (outcome.kind !== "success") stats.failedInvocations += 1;
    delivery.answered(records.length, reasonOf(outcome, last.payload));
    const accept = (accepted: readonly QueuedRecord[]) => {
      stats.delivered += accepted.length;
      windows?.accept(last?.payload);
      settle(accepted);
    };

    const decision = decide(part, outcome, settings);
    switch (decision.kind) {
      case "done":
        accept(records);
        parts = others;
        break;
      case "resume":
        accept(records.slice(0, decision.settled));
        parts = [decision.rest, ...others];
        break;
      case "split":
        stats.bisects += 1;
        parts = [...decision.halves, ...others];
        break;
      case "giveUp":
        await giveUp("RetryAttemptsExhausted", decision.part);
        parts = others;
        break;
      case "retry":
        stats.retries += 1;
        parts = [decision.part, ...others];
        await pause(decision.part);
        break;
    }
  }
}

/** How long a DynamoDB stream keeps its records, in seconds. */
const retention = 24 * 60 * 60;

/**
 * How many records at the head of a part are too old to be delivered: they are given up, the younger rest goes on. The age
 * counts from the record's ApproximateCreationDateTime, the only time that the record has (which one AWS uses for DynamoDB
 * is not documented). Without a limit of its own a record is given up when the stream would have trimmed it, and is
 * reported like any other: better a message too many than records that vanish.
 * @param now milliseconds since the epoch
 * @param maximumAge seconds, or -1
 */
export function expiredHead(
  records: readonly { readonly agesFrom: number }[],
  now: number,
  maximumAge: number,
): number {
  const limit = 1000 * (maximumAge === -1 ? retention : Math.min(maximumAge, retention));
  const firstAlive = records.findIndex(({ agesFrom }) => now - agesFrom <= limit);
  return firstAlive === -1 ? records.length : firstAlive;
}
