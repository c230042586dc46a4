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

/** The first and the last record of a part of a range that has no gaps. */
export type FoundRange = Pick<FailedRange, "first" | "last">;

/**
 * So many empty pages in a row, with a pause between them, mean that the end of what is written has been reached. A stream
 * answers with some where a shard has gaps.
 */
const emptyPages = { most: 50, pause: 100 };

/**
 * Reads the records of a range, page by page, and returns the parts of it that it found: one, unless something is trimmed.
 * A shard that is closed or gone, an iterator that expires, and records that are trimmed while they are read are all normal.
 */
export async function* readRange(
  streams: DynamoDBStreamsClient,
  range: FailedRange,
  pause: (ms: number) => Promise<unknown> = sleep,
): AsyncGenerator<readonly ApiRecord[], readonly FoundRange[]> {
  const { first, last } = range;
  const found: FoundRange[] = [];
  let { iterator } = await iteratorAt(streams, range, first);
  let isGap = true;
  let fruitless = 0;
  while (iterator !== undefined && fruitless <= emptyPages.most) {
    const page = await pageOf(streams, iterator);
    const pageRecords = typeof page === "string" ? [] : (page.Records ?? []);
    fruitless = pageRecords.length === 0 ? fruitless + 1 : 0;
    if (fruitless > 1) await pause(emptyPages.pause);
    const latest = found.at(-1);
    if (typeof page === "string") {
      const again = await iteratorAt(streams, range, page === "trimmed" ? "horizon" : (latest?.last ?? first));
      iterator = again.iterator;
      isGap ||= again.isHorizon;
      continue;
    }
    iterator = page.NextShardIterator;
    const records = pageRecords.filter(({ dynamodb }) => {
      const at = dynamodb!.SequenceNumber!;
      return compare(at, last) <= 0 && (latest === undefined ? compare(at, first) >= 0 : compare(at, latest.last) > 0);
    });
    if (records.length > 0) {
      yield records;
      const [from, to] = [records[0]!, records.at(-1)!].map(({ dynamodb }) => dynamodb!.SequenceNumber!);
      if (isGap) found.push({ first: from!, last: to! });
      else found[found.length - 1] = { first: latest!.first, last: to! };
      isGap = false;
    }
    const end = pageRecords.at(-1)?.dynamodb?.SequenceNumber;
    if (end !== undefined && compare(end, last) >= 0) break;
  }
  return found;
}

/** An iterator at a record, or at the oldest one that is left if that is trimmed; none if the whole shard is. */
async function iteratorAt(
  streams: DynamoDBStreamsClient,
  range: FailedRange,
  at: string,
): Promise<{ readonly iterator: string | undefined; readonly isHorizon: boolean }> {
  const isHorizon = at === "horizon";
  const command = new GetShardIteratorCommand({
    StreamArn: range.streamArn,
    ShardId: range.shardId,
    ...(isHorizon
      ? { ShardIteratorType: "TRIM_HORIZON" }
      : { ShardIteratorType: "AT_SEQUENCE_NUMBER", SequenceNumber: at }),
  });
  try {
    return { iterator: (await streams.send(command)).ShardIterator, isHorizon };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return { iterator: undefined, isHorizon };
    if (!(error instanceof TrimmedDataAccessException) || isHorizon) throw error;
    return iteratorAt(streams, range, "horizon");
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
