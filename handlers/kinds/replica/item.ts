import type { Change, Image } from "../../core/contract.ts";
import { isReplicationAttribute } from "../../core/global-table.ts";
import { sortable } from "../../core/key-and-version.ts";
import { lacksNewImage } from "../../core/new-image.ts";

/** The attribute that holds the version which an item of the replica shows: a string that sorts like the number. */
export const versionAttribute = "_fanout_version";
/** The attribute that says when a tombstone may go: epoch seconds; the replica's time to live is on it. */
export const expiryAttribute = "_fanout_expires";

const secondsPerDay = 86_400;

/** Why the change cannot be replicated, if so. */
export function refusal(change: Change): string | undefined {
  if (change.after === undefined) return lacksNewImage(change);
  for (const name of [versionAttribute, expiryAttribute]) {
    if (Object.hasOwn(change.after, name)) {
      return `Its item has an attribute ${name} itself, which the replica needs for its own; rename it, or if the source is a replica itself, replicate what it is made from.`;
    }
  }
  return undefined;
}

/**
 * The attributes of an item that are copied: all but those that the old version of global tables adds. They would say of the
 * replica what is true of the source, and mislead DynamoDB where the replica is a global table too. Key attributes stay.
 */
export function replicated(item: Image, keys: object): Image {
  const attributes = Object.entries(item);
  return Object.fromEntries(attributes.filter(([name]) => Object.hasOwn(keys, name) || !isReplicationAttribute(name)));
}

/**
 * What the replica holds after the change: the item as it is, or a tombstone, each with its version. A tombstone keeps an
 * older change that comes again from bringing the item back; its days count from now, not from the change, because what it
 * guards against can come that long after it was written.
 */
export function replicaItem(change: Change, tombstoneDays: number, now: Date): Image {
  const version = { [versionAttribute]: { S: sortable(change.version) } };
  if (change.operation !== "REMOVE") return { ...replicated(change.after!, change.keys), ...version };
  const expires = Math.ceil(now.getTime() / 1000 + tombstoneDays * secondsPerDay);
  return { ...change.keys, ...version, [expiryAttribute]: { N: String(expires) } };
}
