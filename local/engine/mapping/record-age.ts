/** How long a DynamoDB stream keeps its records, in seconds. */
const retention = 24 * 60 * 60;

const minute = 60_000;

/**
 * From when a record's age counts: when it was created, as the stream says. DynamoDB Local rounds that time down to the
 * minute, so a whole minute says only that the record was created somewhere within it, and before it was read: the
 * latest such moment counts, since a record that is given up a minute late does less harm than one given up unseen.
 * @param createdAt milliseconds since the epoch
 * @param readAt milliseconds since the epoch
 */
export function agesFrom(createdAt: number, readAt: number): number {
  return createdAt % minute === 0 ? Math.max(createdAt, Math.min(readAt, createdAt + minute - 1)) : createdAt;
}

/**
 * How many records at the head of a part are too old to be delivered: they are discarded, the younger rest goes on. The age
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
