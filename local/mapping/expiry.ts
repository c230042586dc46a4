/** How long a DynamoDB stream keeps its records, in seconds. */
const retention = 24 * 60 * 60;

/**
 * How many records at the head of a part are too old to be delivered: they are discarded, the younger rest goes on. The age
 * counts from the record's ApproximateCreationDateTime, the only time that the record has (which one AWS uses for DynamoDB
 * is not documented). Without a limit of its own a record is given up when the stream would have trimmed it, and is
 * reported like any other: better a message too many than records that vanish.
 * @param now milliseconds since the epoch
 * @param maximumAge seconds, or -1
 */
export function expiredHead(
  records: readonly { readonly createdAt: number }[],
  now: number,
  maximumAge: number,
): number {
  const limit = 1000 * (maximumAge === -1 ? retention : Math.min(maximumAge, retention));
  const firstAlive = records.findIndex(({ createdAt }) => now - createdAt <= limit);
  return firstAlive === -1 ? records.length : firstAlive;
}
