import type { Checkpoints } from "./checkpoints.ts";
import type { Clock } from "./clock.ts";
import { decoder } from "./decoder.ts";
import { deliverBatch } from "./deliver-batch.ts";
import { discarder } from "./discarder.ts";
import type { MappingOptions } from "./options.ts";
import type { Pulse } from "./pulse.ts";
import { eventSourceArnOf, recordFilter } from "./record-filter.ts";
import { Shard } from "./shard.ts";
import { type Page, type Position, ShardReader } from "./shard-reader.ts";
import type { Tally } from "./stats.ts";
import { TumblingWindows } from "./tumbling-windows.ts";

/** What a shard uses of the mapping that it belongs to. */
export interface ShardSurroundings {
  readonly options: MappingOptions;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly checkpoints: Checkpoints;
  readonly tally: Tally;
  readonly pollInterval: number;
  /** Makes a call until it succeeds; undefined if the mapping ends first. */
  patiently<T>(call: () => Promise<T>): Promise<T | undefined>;
  backoff(failures: number): number;
  report(what: string, cause?: unknown): void;
  fail(error: unknown): void;
  request(): number;
  readonly requested: Pulse;
  changed(): void;
  /** Told that a shard is finished, in the same step in which its checkpoint says so. */
  finished(shardId: string): void;
}

const nothing: Page = { records: [], ended: false };

/** Makes a shard ready to run: at its checkpoint, or else where `begin` says. Undefined if the mapping ends first. */
export async function openShard(
  shardId: string,
  begin: Position,
  surroundings: ShardSurroundings,
): Promise<Shard | undefined> {
  const { options, clock, signal, checkpoints, tally, backoff, report } = surroundings;
  const { settings, functionArn } = options;

  const { settledThrough, iterator, window } = checkpoints.get(shardId) ?? {};
  const unsettled = iterator === undefined ? begin : { iterator };
  const from = settledThrough === undefined ? unsettled : { after: settledThrough };
  const lost = (reason: string) => report(`may have lost changes of shard ${shardId}: ${reason}`);
  const reader = new ShardReader(options.streams, options.streamArn, shardId, from, lost);
  /** A mapping that resumes must find what was written since this one began, though nothing is settled by which to find it. */
  const noteLatest = () => {
    if (reader.latest !== undefined) checkpoints.set(shardId, { iterator: reader.latest, finished: false });
  };
  await surroundings.patiently(() => reader.open(signal));
  if (signal.aborted) return undefined;
  noteLatest();

  const send = options.sendToFailureDestination?.bind(options);
  const place = { functionArn, streamArn: eventSourceArnOf(options), shardId };
  const invoke = (event: Parameters<MappingOptions["invoke"]>[0]) => options.invoke(event, signal);
  const size = settings.tumblingWindowInSeconds;
  const windows =
    size === 0
      ? undefined
      : new TumblingWindows({
          size,
          place: { shardId, eventSourceArn: place.streamArn },
          reportsItems: settings.functionResponseTypes.length > 0,
          ...(window && { open: window }),
          clock,
          signal,
          tally,
          timeScale: options.timeScale ?? 1,
          invoke,
          backoff,
          closed: () => shard.windowClosed(),
        });
  const delivery = {
    settings,
    clock,
    signal,
    tally,
    invoke,
    ...(windows && { windows }),
    discard: discarder({ place, send, clock, tally, report }),
    backoff,
  };
  const shard = new Shard({
    shardId,
    settings,
    clock,
    signal,
    checkpoints,
    ...(windows && { windows }),
    pollInterval: surroundings.pollInterval,
    async read() {
      const page = await surroundings.patiently(() => reader.read(signal));
      noteLatest();
      return page ?? nothing;
    },
    decode: decoder({ filter: recordFilter(options), clock, tally }),
    deliver: (batch, settled) => deliverBatch(batch, { ...delivery, settled }).catch(surroundings.fail),
    request: surroundings.request,
    requested: surroundings.requested,
    changed: surroundings.changed,
    finished: () => surroundings.finished(shardId),
  });
  return shard;
}
