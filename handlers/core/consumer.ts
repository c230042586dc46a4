import { batchLog, type Invocation, waitLog } from "./batch-log.ts";
import type { Connect, Deliver } from "./contract.ts";
import { type CodedDestination, connectedDestinations } from "./destinations.ts";
import { errorLine } from "./errors.ts";
import type { SourceFacts } from "./global-table.ts";
import { byVersion } from "./key-and-version.ts";
import { type Clock, failuresOf, machineClock, type Outcome, outcomeOf, type TimeLeft, type Wait } from "./outcome.ts";
import { type Batch, firstVersion, readBatch } from "./read-batch.ts";

/** The first of several records failed; the batch's log line says why. */
class HeadOfBatchFailed extends Error {
  override readonly name = "HeadOfBatchFailed";

  constructor(sequenceNumber: string, records: number) {
    super(
      `Record ${sequenceNumber}, the first of ${records}, failed. The invocation fails with it, so that Lambda bisects the batch.`,
    );
  }
}

/** What Lambda is answered: the record from which it delivers again, if any. */
export interface Answer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** What a redrive is answered: every record that failed, and why. */
interface RedriveAnswer extends Answer {
  readonly failures: readonly {
    readonly sequenceNumber: string;
    /** Where it failed; absent for a record that cannot be understood. */
    readonly destination?: string;
    readonly reason: string;
  }[];
}

/** The part of Lambda's context that is used. */
export interface Context {
  readonly functionName: string;
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** What a consumer reads and writes besides events. */
interface ConsumerOptions {
  /** @default process.env */
  readonly environment?: NodeJS.ProcessEnv;
  /** Takes one line. @default standard output */
  readonly write?: (line: string) => void;
  /** @default the machine's */
  readonly clock?: Clock;
  /** Numbers from 0 up to, not including, 1, by which pauses are spread. @default Math.random */
  readonly random?: () => number;
}

/** What is kept back of an invocation's time for the answer and the log line: this share of it, and at most so long. */
const reserve = { share: 0.2, ms: 1_000 };

/**
 * Makes the Lambda function of one consumer. Each of its destinations is connected once per process. A batch goes to all of
 * them at the same time, and the answer names the one lowest sequence number that failed at any of them, since Lambda
 * delivers again everything from there; where that is the first of several records, the invocation fails, so that Lambda
 * bisects. No record is ever passed over: one that cannot be understood has failed. A redrive is answered with every record
 * that failed, since nobody delivers again what comes after the first.
 *
 * @param kinds the `connect` of each kind of destination that the consumer feeds, by the kind's name
 * @param coded what it feeds, by name; `DESTINATIONS` in the environment has the settings that are missing there
 */
export function consumer(
  kinds: Readonly<Record<string, Connect<never>>>,
  coded: Readonly<Record<string, CodedDestination>>,
  source: SourceFacts,
  { environment = process.env, write = writeLine, clock = machineClock, random = Math.random }: ConsumerOptions = {},
) {
  const destinations = connectAll(kinds, connectedDestinations(coded, environment.DESTINATIONS));
  const log = (entry: object) => write(JSON.stringify(entry));
  return async (event: unknown, context: Context): Promise<Answer | RedriveAnswer> => {
    const invocation = { functionName: context.functionName, requestId: context.awsRequestId };
    const batch = read(event, source, invocation, log);
    const time = timeLeft(limited(context, batch.redrive?.waitSeconds, clock));
    const outcomes = new Map(
      await Promise.all(
        destinations.map(async ([name, deliver]) => {
          const onWait = (wait: Wait) => log(waitLog(invocation, name, wait));
          return [name, await outcomeOf(deliver, batch.changes, { time, clock, random, onWait })] as const;
        }),
      ),
    );
    log(batchLog(invocation, batch, outcomes));
    if (batch.redrive !== undefined) return redriveAnswer(batch, outcomes);
    const failed = [...outcomes.values()].flatMap((outcome) => [...outcome.failed]);
    return answer(batch, [...failed, ...batch.poison]);
  };
}

function connectAll(
  kinds: Readonly<Record<string, Connect<never>>>,
  destinations: ReturnType<typeof connectedDestinations>,
): [string, Deliver][] {
  return Object.entries(destinations).map(([name, { kind, settings }]) => {
    const connect = kinds[kind];
    if (connect === undefined) {
      const known = Object.keys(kinds).join(", ");
      throw new Error(`destinations.${name}.kind: this function's code has no kind "${kind}"; it has ${known}.`);
    }
    return [name, connect(settings as never)];
  });
}

function read(event: unknown, source: SourceFacts, invocation: Invocation, log: (entry: object) => void): Batch {
  try {
    return readBatch(event, source);
  } catch (error) {
    log({ timestamp: new Date().toISOString(), level: "ERROR", message: errorLine(error), ...invocation });
    throw error;
  }
}

/** Milliseconds until the function's time is over, or until nobody wants to wait any longer. */
function limited(context: Context, seconds: number | undefined, clock: Clock): () => number {
  const end = clock.now() + 1000 * (seconds ?? Number.POSITIVE_INFINITY);
  return () => Math.min(context.getRemainingTimeInMillis(), end - clock.now());
}

function timeLeft(remaining: () => number): TimeLeft {
  const kept = Math.min(reserve.ms, remaining() * reserve.share);
  const after = (ms: number) => Math.max(0, remaining() - ms);
  return { soft: () => after(kept), hard: () => after(kept / 2) };
}

/**
 * The lowest sequence number that failed. Where it is the first of several, the invocation fails instead: an answer that
 * names the first record is no progress, so Lambda would use up the retries of the whole batch and give all of it up with
 * that one record. A failed invocation makes it bisect the batch, which uses up no retries and leaves the record alone.
 *
 * That is right in an outage too, where bisecting finds nothing: it costs no retries either, so a batch of 100 is tried for
 * seven times the function's timeout before its first record is alone and begins to use up its own.
 */
function answer(batch: Batch, failed: readonly { readonly version: string }[]): Answer {
  if (failed.length === 0) return { batchItemFailures: [] };
  const lowest = failed.reduce((least, one) => (byVersion(one, least) < 0 ? one : least)).version;
  if (lowest === firstVersion(batch) && batch.records > 1) throw new HeadOfBatchFailed(lowest, batch.records);
  return { batchItemFailures: [{ itemIdentifier: lowest }] };
}

function redriveAnswer({ changes, poison }: Batch, outcomes: ReadonlyMap<string, Outcome>): RedriveAnswer {
  const failures = [
    ...poison.map(({ version, problem }) => ({ sequenceNumber: version, reason: problem })),
    ...[...failuresOf(changes, outcomes)].map(({ destination, change, reason }) => ({
      sequenceNumber: change.version,
      destination,
      reason,
    })),
  ];
  const failed = new Set(failures.map(({ sequenceNumber }) => sequenceNumber));
  return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })), failures };
}

/** Straight to the output: Lambda's console would wrap the line into one of its own. */
function writeLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
