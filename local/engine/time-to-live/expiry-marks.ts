/** Remembers, by their event ids, which REMOVE records stand for deletions by time to live: DynamoDB Local does not say so. */
export class ExpiryMarks {
  readonly #marks = new Set<string>();

  add(eventId: string): void {
    this.#marks.add(eventId);
  }

  has(eventId: string): boolean {
    return this.#marks.has(eventId);
  }
}

interface Answer {
  readonly Records?: { readonly eventID?: string; readonly eventName?: string; userIdentity?: object }[];
}

/** As the streams' API spells it: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html. */
const timeToLive = { PrincipalId: "dynamodb.amazonaws.com", Type: "Service" };

/**
 * The answer to GetRecords as DynamoDB would give it: records of deletions by time to live say who deleted the item, to every
 * reader, at any time.
 * @param isExpiry whether time to live made the change, by its event id
 */
export function markExpired(body: Buffer, isExpiry: (eventId: string) => boolean): Buffer {
  if (!body.includes('"REMOVE"')) return body;
  const answer = JSON.parse(body.toString("utf8")) as Answer;
  const expired = (answer.Records ?? []).filter(
    ({ eventID, eventName }) => eventName === "REMOVE" && eventID !== undefined && isExpiry(eventID),
  );
  if (expired.length === 0) return body;
  for (const record of expired) record.userIdentity = timeToLive;
  return Buffer.from(JSON.stringify(answer));
}
