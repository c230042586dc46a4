/** What one message of an `sqs` destination says, as far as replaying needs it. */
export interface ChangeMessage {
  readonly eventId: string;
  readonly operation: "INSERT" | "MODIFY" | "REMOVE";
  readonly version: string;
  readonly keyHash: string;
  readonly after?: unknown;
}

export interface Replayed {
  /** The items that a reader who applied every message in turn would hold: image by key hash. */
  readonly items: ReadonlyMap<string, unknown>;
  /** How many messages repeated an event that had been seen. */
  readonly duplicates: number;
  /** Messages whose version was older than what their key had reached already. */
  readonly overtaken: number;
}

/** Applies messages in the order given; an older version never replaces a newer one, but is counted. */
export function replay(messages: Iterable<ChangeMessage>): Replayed {
  const versions = new Map<string, bigint>();
  const items = new Map<string, unknown>();
  const seen = new Set<string>();
  let duplicates = 0;
  let overtaken = 0;
  for (const { eventId, operation, version, keyHash, after } of messages) {
    if (seen.has(eventId)) {
      duplicates += 1;
      continue;
    }
    seen.add(eventId);
    const number = BigInt(version);
    if (number <= (versions.get(keyHash) ?? -1n)) {
      overtaken += 1;
      continue;
    }
    versions.set(keyHash, number);
    if (operation === "REMOVE") items.delete(keyHash);
    else items.set(keyHash, after);
  }
  return { items, duplicates, overtaken };
}
