import type { Change } from "./contract.ts";
import { decode, sequenceNumber } from "./decode.ts";
import { errorLine } from "./errors.ts";
import type { SourceFacts } from "./global-table.ts";
import { Malformed, objectAt } from "./image-json.ts";

/** A record that cannot be understood but can be named. */
export interface Poison {
  readonly version: string;
  /** What is wrong with it, beginning with its JSON path. */
  readonly problem: string;
}

/** What an event says that brings records back from a failure queue. */
export interface Redrive {
  /** How long to wait for a destination that is down, in seconds: a person waits for the answer. */
  readonly waitSeconds: number;
}

/** What a stream's event holds. */
export interface Batch {
  /** How many records came. */
  readonly records: number;
  /** The decoded records in shard order: all of them, or those before the first that cannot be understood. */
  readonly changes: readonly Change[];
  /** The first record that cannot be understood: it counts as failed, and Lambda sends it again with all after it. Of a redrive, all of them. */
  readonly poison: readonly Poison[];
  /** Present if the records are brought back from a failure queue. */
  readonly redrive?: Redrive;
}

/**
 * Reads the event of a DynamoDB stream. Throws when it is none, and when a record that cannot be understood has no sequence
 * number either. Such a record cannot be named in an answer, and naming a neighbour would pass over it or bring the same
 * batch back for ever; a failed invocation is what lets Lambda bisect the batch until the record is alone.
 *
 * @param source what is known of the source besides
 */
export function readBatch(event: unknown, source: SourceFacts = {}): Batch {
  const { Records: records, redrive: marker } = objectAt(event, "The event");
  if (!Array.isArray(records)) {
    throw new Error("The event has no array `Records`: this function takes the events of a DynamoDB stream's mapping.");
  }
  const redrive = readRedrive(marker);
  const changes: Change[] = [];
  const poison: Poison[] = [];
  for (const [i, record] of records.entries()) {
    const path = `Records[${i}]`;
    try {
      changes.push(decode(record, path, source, redrive !== undefined));
    } catch (error) {
      const version = sequenceNumber(record?.dynamodb?.SequenceNumber, `${path}.dynamodb.SequenceNumber`);
      poison.push({ version, problem: errorLine(error) });
      if (redrive === undefined) break;
    }
  }
  return { records: records.length, changes, poison, ...(redrive && { redrive }) };
}

/** Seconds. With no time at all, nothing would even be tried. */
const wait = { usual: 30, least: 1, most: 900 };

/**
 * Reads what stands beside the records of a redrive: `{"Records": [...], "redrive": {"patienceSeconds": 30}}`. Undefined
 * for what comes from the mapping. Throws `Malformed`.
 */
function readRedrive(marker: unknown): Redrive | undefined {
  if (marker === undefined) return undefined;
  const { patienceSeconds: waitSeconds = wait.usual, ...rest } = objectAt(marker, "redrive");
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new Malformed(`redrive.${unknown}`, "is not known");
  if (typeof waitSeconds !== "number" || !(waitSeconds >= wait.least && waitSeconds <= wait.most)) {
    throw new Malformed("redrive.patienceSeconds", `must be a number from ${wait.least} to ${wait.most}`);
  }
  return { waitSeconds };
}

/** The sequence number of a batch's first record; undefined for a batch without records. */
export function firstVersion({ changes, poison }: Batch): string | undefined {
  return changes[0]?.version ?? poison[0]?.version;
}
