/** When a batch is sent. */
export interface BatchLimits {
  /** The most records in a batch. */
  readonly batchSize: number;
  /** How long records may be gathered, in milliseconds. */
  readonly window: number;
  /** The event's size without records, in bytes. @default that of an event that is nothing but records */
  readonly envelope?: number;
}

/** Lambda's limit for an invocation's payload: 6 MB, whatever the settings say. */
export const largestPayload = 6 * 1024 * 1024;

/** `{"Records":[]}` */
const bareEnvelope = 14;

/** What to do now: send the first `take` records, or (if 0) look again after `wait` milliseconds or when there are more. */
export interface BatchDecision {
  readonly take: number;
  readonly wait: number;
}

/**
 * Decides whether the records that wait make a batch. A batch is sent when it is full (by count, or because the next
 * record would make its JSON larger than 6 MB), when its window is over, or when no more records can come. Without a
 * window, whatever has been read is a batch: whether Lambda would read once more to fill it is not documented. A record
 * that alone exceeds 6 MB travels alone.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching
 * @param openFor how long the window has been open, in milliseconds
 * @param ended whether no more records can come
 */
export function nextBatch(
  waiting: readonly { readonly bytes: number }[],
  limits: BatchLimits,
  openFor: number,
  ended: boolean,
): BatchDecision {
  const most = Math.min(waiting.length, limits.batchSize);
  let take = 0;
  for (let bytes = limits.envelope ?? bareEnvelope; take < most; take += 1) {
    bytes += waiting[take]!.bytes + (take === 0 ? 0 : 1);
    if (take > 0 && bytes > largestPayload) break;
  }
  const full = take === limits.batchSize || take < waiting.length;
  const left = limits.window - openFor;
  return full || ended || left <= 0 ? { take, wait: 0 } : { take: 0, wait: left };
}
