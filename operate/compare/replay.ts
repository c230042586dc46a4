/** What one message of an `sqs` destination says, as far as it is verified. */
export interface ChangeMessage<Image = unknown> {
  readonly eventId: string;
  readonly operation: "INSERT" | "MODIFY" | "REMOVE";
  readonly version: string;
  /** Whether it came from a failure queue, and so perhaps after newer ones. */
  readonly redriven?: boolean;
  readonly keyHash: string;
  readonly before?: Image;
  readonly after?: Image;
}

export interface Replayed<Image> {
  /** The items that a reader who applied every message in turn would hold: image by key hash. */
  readonly items: ReadonlyMap<string, Image>;
  /** How many messages repeated an event that had been seen. */
  readonly duplicates: number;
  /** Messages whose version was older than what their key had reached already, though they were not redriven. */
  readonly overtaken: number;
}

/** Applies messages in the order given; an older version never replaces a newer one, but is counted. */
export function replay<Image>(messages: Iterable<ChangeMessage<Image>>): Replayed<Image> {
  const versions = new Map<string, bigint>();
  const items = new Map<string, Image>();
  const seen = new Set<string>();
  let duplicates = 0;
  let overtaken = 0;
  for (const { eventId, operation, version, redriven = false, keyHash, after } of messages) {
    if (seen.has(eventId)) {
      duplicates += 1;
      continue;
    }
    seen.add(eventId);
    const number = BigInt(version);
    if (number <= (versions.get(keyHash) ?? -1n)) {
      if (!redriven) overtaken += 1;
      continue;
    }
    versions.set(keyHash, number);
    if (operation === "REMOVE") items.delete(keyHash);
    else items.set(keyHash, after as Image);
  }
  return { items, duplicates, overtaken };
}
