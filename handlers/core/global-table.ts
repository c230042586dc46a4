import type { Image } from "./contract.ts";

/** What is known of the source besides what its records say. */
export interface SourceFacts {
  /** Where writes may come from, if the stack knows: from this Region alone, or from any Region of a global table. */
  readonly writes?: "here" | "anywhere";
  /** The attribute with an item's end, in seconds since the epoch, if time to live is known to be on. */
  readonly ttlAttribute?: string;
}

/**
 * What the old version of global tables (2017.11.29) adds to every item, to keep its tables alike; nobody else may write it:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables_HowItWorks.html. The current version
 * (2019.11.21) adds nothing, and its records do not say in which Region a write was made.
 */
const replicationAttributes: ReadonlySet<string> = new Set([
  "aws:rep:deleting",
  "aws:rep:updatetime",
  "aws:rep:updateregion",
]);

/** Whether an attribute belongs to the old version of global tables. */
export function isReplicationAttribute(name: string): boolean {
  return replicationAttributes.has(name);
}

/** Who deleted an item, as its record says. */
export type Identity = "time to live" | "other";

/** What a delete's record says besides. */
interface Delete {
  /** The item before, if the record has it. */
  readonly before: Image | undefined;
  /** When it was deleted, in seconds since the epoch, if the record says so. */
  readonly seconds: number | undefined;
}

/**
 * Whether time to live deleted the item, rather than a writer; undefined where nobody can tell.
 *
 * @param who the record's identity, if it has one
 */
export function isExpired(who: Identity | undefined, what: Delete, source: SourceFacts): boolean | undefined {
  if (who !== undefined) return who === "time to live";
  return mayBeReplicated(what, source) ? undefined : false;
}

/**
 * Whether a delete without identity may be time to live's all the same: only in the Region that does the work has its record an identity,
 * and not where the delete is replicated to
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html). What is certain is the
 * contrary: that the table is written to in this Region only, or that the item had no end that had passed.
 */
function mayBeReplicated({ before, seconds }: Delete, source: SourceFacts): boolean {
  if (source.writes === "here") return false;
  const isGlobal = source.writes === "anywhere" || Object.keys(before ?? {}).some(isReplicationAttribute);
  if (!isGlobal) return false;
  if (before === undefined || seconds === undefined) return true;
  return endsOf(before, source.ttlAttribute).some((end) => end >= seconds - longest && end <= seconds + tolerance);
}

/** By how much an end may lie after the delete, in seconds: the clocks of two Regions differ, and times are rounded down. */
const tolerance = 60;
/**
 * Time to live passes over what ended more than five years ago, see
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html. In seconds, with
 * leap days and a day more.
 */
const longest = (5 * 365 + 3) * 86_400;

/** When the item may end: by the attribute of its time to live, or where that is not known, by any number that it has. */
function endsOf(item: Image, ttlAttribute: string | undefined): number[] {
  return Object.entries(item).flatMap(([name, { N }]) => {
    const isEnd = ttlAttribute === undefined ? !isReplicationAttribute(name) : name === ttlAttribute;
    return isEnd && N !== undefined ? Number(N) : [];
  });
}
