/** A duration in milliseconds. */
interface Gauge {
  readonly last: number;
  readonly max: number;
}

/** What a mapping has done since it was started; the figures grow while it runs. */
export interface MappingStats {
  /** Records read from the stream; not those that were not settled when the mapping was disabled: they are read again. */
  readonly polled: number;
  /** Records that matched no filter. */
  readonly filteredOut: number;
  /** Batches formed, before any bisect. */
  readonly batches: number;
  /** Invocations that reached the function, retries included. */
  readonly invocations: number;
  /** Invocations that failed, or answered with failures. */
  readonly failedInvocations: number;
  /** Invocations that were refused: throttles and service errors. */
  readonly refusedInvocations: number;
  /** Records that the function accepted. */
  readonly delivered: number;
  /** Invocations of records that had failed before, unchanged in number. */
  readonly retries: number;
  readonly bisects: number;
  /** Tumbling windows that were completed. */
  readonly windows: number;
  /** Messages accepted by the on-failure destination. */
  readonly failureMessages: number;
  /** Records that those messages cover. */
  readonly recordsInFailureMessages: number;
  /** Records that were given up without a message, because there is no destination or it refused the message. */
  readonly droppedRecords: number;
  /** Age of a batch's last record when the batch was sent, counted from the stream's time (DynamoDB Local rounds it down to the minute). */
  readonly iteratorAge: Gauge;
  /** From reading a record to having settled it: exact, unlike the iterator's age. */
  readonly lag: Gauge;
}

/** The figures as the mapping itself writes them. */
export type MutableStats = { -readonly [Key in keyof MappingStats]: MappingStats[Key] };

/** All figures at zero. */
export function newStats(): MutableStats {
  return {
    polled: 0,
    filteredOut: 0,
    batches: 0,
    invocations: 0,
    failedInvocations: 0,
    refusedInvocations: 0,
    delivered: 0,
    retries: 0,
    bisects: 0,
    windows: 0,
    failureMessages: 0,
    recordsInFailureMessages: 0,
    droppedRecords: 0,
    iteratorAge: { last: 0, max: 0 },
    lag: { last: 0, max: 0 },
  };
}

/** The gauge after another measurement. */
export function measured(gauge: Gauge, value: number): Gauge {
  return { last: value, max: Math.max(gauge.max, value) };
}

/** How many records are accepted, filtered out or given up. */
export function settledIn(stats: MappingStats): number {
  return stats.delivered + stats.filteredOut + stats.recordsInFailureMessages + stats.droppedRecords;
}
