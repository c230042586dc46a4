import { randomUUID } from "node:crypto";
import type { DynamoDBStreamEvent } from "aws-lambda";
import type { Clock } from "./clock.ts";
import type { Condition, Discard } from "./failure-record.ts";
import { InvocationRefused } from "./invocation-refused.ts";
import { fresh, next, type Part, refused } from "./next.ts";
import { type Answer, classify } from "./outcome.ts";
import type { QueuedRecord } from "./queued-record.ts";
import { expiredHead } from "./record-age.ts";
import type { MappingSettings } from "./settings.ts";
import { measured, type Tally } from "./stats.ts";
import type { TumblingWindows } from "./tumbling-windows.ts";

/** An invocation that reached the function. */
export interface Invocation extends Answer {
  readonly requestId: string;
}

/** What delivering a batch needs from its surroundings. */
export interface Delivery {
  readonly settings: MappingSettings;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly tally: Tally;
  /** The shard's tumbling windows, if it has any: all records of the batch belong to the one that is open. */
  readonly windows?: TumblingWindows;
  /** @throws InvocationRefused if the function was not reached */
  invoke(event: DynamoDBStreamEvent): Promise<Invocation>;
  /** Reports records that are given up. */
  discard(discard: Discard, event: DynamoDBStreamEvent): Promise<void>;
  /** Told of records that are done: accepted or discarded. */
  settled(records: readonly QueuedRecord[]): void;
  /** Milliseconds before the same records are tried again. */
  backoff(failures: number): number;
}

/**
 * Delivers a batch until each of its records is accepted or discarded, first to last. Ends early, with the rest unsettled, when the
 * signal aborts; an invocation that is under way is still waited for.
 */
export async function deliverBatch(batch: readonly QueuedRecord[], delivery: Delivery): Promise<void> {
  const { settings, clock, signal, tally, windows } = delivery;
  const rules = { reportsItems: settings.functionResponseTypes.length > 0, needsState: windows !== undefined };
  const toEvent = (records: readonly QueuedRecord[]): DynamoDBStreamEvent =>
    windows?.event(records) ?? { Records: records.map(({ record }) => record) };
  let last: Invocation | undefined;
  let parts: readonly Part<QueuedRecord>[] = [fresh(batch)];
  tally.batches += 1;

  const settle = (records: readonly QueuedRecord[]) => {
    for (const { readAt } of records) tally.lag = measured(tally.lag, clock.now() - readAt);
    delivery.settled(records);
  };
  const discard = async (condition: Condition, part: Part<QueuedRecord>) => {
    const known = part.attempts > 0 ? last : undefined;
    const { requestId, functionError } = known ?? { requestId: randomUUID(), functionError: null };
    const { records, attempts } = part;
    await delivery.discard({ condition, records, attempts, requestId, functionError }, toEvent(records));
    settle(records);
  };
  const pause = (part: Part<QueuedRecord>) => clock.sleep(delivery.backoff(part.attempts + part.refusals), signal);

  while (parts.length > 0 && !signal.aborted) {
    const [part, ...others] = parts as [Part<QueuedRecord>, ...Part<QueuedRecord>[]];
    const { records } = part;
    if (windows?.isTooLarge) {
      await windows.close();
      continue;
    }

    const expired = expiredHead(records, clock.now(), settings.maximumRecordAgeInSeconds);
    if (expired > 0) {
      await discard("RecordAgeExceeded", { ...part, records: records.slice(0, expired) });
      parts = expired < records.length ? [{ ...part, records: records.slice(expired) }, ...others] : others;
      continue;
    }

    tally.iteratorAge = measured(tally.iteratorAge, clock.now() - records.at(-1)!.createdAt);
    windows?.enter(records[0]!);
    try {
      last = await delivery.invoke(toEvent(records));
    } catch (error) {
      if (!(error instanceof InvocationRefused)) throw error;
      tally.refusedInvocations += 1;
      parts = [refused(part), ...others];
      await pause(parts[0]!);
      continue;
    }
    tally.invocations += 1;

    const sequenceNumbers = records.map(({ sequenceNumber }) => sequenceNumber);
    const outcome = classify(last, sequenceNumbers, rules);
    if (outcome.kind !== "success") tally.failedInvocations += 1;
    const accept = (accepted: readonly QueuedRecord[]) => {
      tally.delivered += accepted.length;
      windows?.accept(last?.payload);
      settle(accepted);
    };

    const step = next(part, outcome, settings);
    switch (step.kind) {
      case "done":
        accept(records);
        parts = others;
        break;
      case "resume":
        accept(records.slice(0, step.settled));
        parts = [step.rest, ...others];
        break;
      case "split":
        tally.bisects += 1;
        parts = [...step.halves, ...others];
        break;
      case "giveUp":
        await discard("RetryAttemptsExhausted", step.part);
        parts = others;
        break;
      case "retry":
        tally.retries += 1;
        parts = [step.part, ...others];
        await pause(step.part);
        break;
    }
  }
}
