import { setTimeout as sleep } from "node:timers/promises";
import {
  type _Record as ApiRecord,
  type DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ResourceNotFoundException,
  TrimmedDataAccessException,
} from "@aws-sdk/client-dynamodb-streams";
import type { FailedRange } from "./failure-message.ts";
import { compare } from "./ranges.ts";

/** The first and the last record of a range that the stream still has. What it lacks of the range is trimmed. */
export type Found = Pick<FailedRange, "first" | "last">;

/**
 * So many empty pages in a row, with a pause between them, mean that the end of what is written has been reached. A stream
 * answers with some where a shard has gaps.
 */
const emptyPages = { most: 50, pause: 100 };

/**
 * Reads the records of a range, page by page, and returns which it found, or undefined if there are none. A shard that is closed, or gone, an iterator that
 * expires, and records that are trimmed while they are being read, are all in the order of things.
 */
export async function* readRange(
  streams: DynamoDBStreamsClient,
  range: FailedRange,
  pause: (ms: number) => Promise<unknown> = sleep,
): AsyncGenerator<readonly ApiRecord[], Found | undefined> {
  const { first, last } = range;
  let iterator = await iteratorAt(streams, range, first);
  let found: Found | undefined;
  let fruitless = 0;
  while (iterator !== undefined && fruitless <= emptyPages.most) {
    const page = await pageOf(streams, iterator);
    const pageRecords = typeof page === "string" ? [] : (page.Records ?? []);
    fruitless = pageRecords.length === 0 ? fruitless + 1 : 0;
    if (fruitless > 1) await pause(emptyPages.pause);
    if (page === "expired") iterator = await iteratorAt(streams, range, found?.last ?? first);
    else if (page === "trimmed") iterator = await iteratorAt(streams, range, "horizon");
    else iterator = page.NextShardIterator;

    const isNew = (at: string) => (found === undefined ? compare(at, first) >= 0 : compare(at, found.last) > 0);
    const records = pageRecords.filter(({ dynamodb }) => {
      const at = dynamodb!.SequenceNumber!;
      return isNew(at) && compare(at, last) <= 0;
    });
    const end = pageRecords.at(-1)?.dynamodb?.SequenceNumber;
    if (records.length > 0) {
      yield records;
      found = {
        first: found?.first ?? records[0]!.dynamodb!.SequenceNumber!,
        last: records.at(-1)!.dynamodb!.SequenceNumber!,
      };
    }
    if (end !== undefined && compare(end, last) >= 0) break;
  }
  return found;
}

/** An iterator at a record, or at the oldest one that is left if that is trimmed; undefined if the whole shard is. */
async function iteratorAt(streams: DynamoDBStreamsClient, { streamArn, shardId }: FailedRange, at: string) {
  const position =
    at === "horizon"
      ? { ShardIteratorType: "TRIM_HORIZON" as const }
      : { ShardIteratorType: "AT_SEQUENCE_NUMBER" as const, SequenceNumber: at };
  try {
    const command = new GetShardIteratorCommand({ StreamArn: streamArn, ShardId: shardId, ...position });
    return (await streams.send(command)).ShardIterator;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    if (!(error instanceof TrimmedDataAccessException) || at === "horizon") throw error;
    return iteratorAt(streams, { streamArn, shardId, first: "", last: "" }, "horizon");
  }
}

async function pageOf(streams: DynamoDBStreamsClient, iterator: string) {
  try {
    return await streams.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: 1000 }));
  } catch (error) {
    if (error instanceof ExpiredIteratorException || error instanceof ResourceNotFoundException)
      return "expired" as const;
    if (error instanceof TrimmedDataAccessException) return "trimmed" as const;
    throw error;
  }
}
