import {
  type _Record as ApiRecord,
  type DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ResourceNotFoundException,
  TrimmedDataAccessException,
} from "@aws-sdk/client-dynamodb-streams";

/** Where in a shard to read: at one of its ends, or after a record. */
export type Position = "TRIM_HORIZON" | "LATEST" | { readonly after: string };

/** What one read returned. Empty pages are normal. */
interface Page {
  readonly records: readonly ApiRecord[];
  /** Whether the shard is closed and read to its end. */
  readonly ended: boolean;
}

/** The most that one GetRecords returns, besides its limit of 1 MB. */
const mostRecords = 1000;

/**
 * Reads one shard, page by page. An iterator that expired or that the service no longer knows is replaced by one at the same
 * place; where the stream has been trimmed past that place, reading goes on with the oldest record that is left.
 */
export class ShardReader {
  readonly #streams: DynamoDBStreamsClient;
  readonly #streamArn: string;
  readonly #shardId: string;
  readonly #onLoss: (reason: string) => void;
  #position: Position;
  #iterator: string | undefined;

  /**
   * @param from a position, or the iterator that `latest` gave earlier
   * @param onLoss called with the reason why records of the shard may never be read
   */
  constructor(
    streams: DynamoDBStreamsClient,
    streamArn: string,
    shardId: string,
    from: Position | { readonly iterator: string },
    onLoss: (reason: string) => void,
  ) {
    this.#streams = streams;
    this.#streamArn = streamArn;
    this.#shardId = shardId;
    this.#onLoss = onLoss;
    const isIterator = typeof from === "object" && "iterator" in from;
    this.#position = isIterator ? "LATEST" : from;
    this.#iterator = isIterator ? from.iterator : undefined;
  }

  /** The iterator with which reading goes on, as long as no record marks the place: reading began at the shard's end and has returned nothing yet. */
  get latest(): string | undefined {
    return this.#position === "LATEST" ? this.#iterator : undefined;
  }

  /** Fixes the place where reading begins, without reading. */
  async open(signal: AbortSignal): Promise<void> {
    this.#iterator ??= await this.#newIterator(signal);
  }

  /** Reads the next page. After an error the next call reads the same page again. */
  async read(signal: AbortSignal): Promise<Page> {
    const renewable = this.#iterator !== undefined;
    await this.open(signal);
    try {
      const command = new GetRecordsCommand({ ShardIterator: this.#iterator, Limit: mostRecords });
      const { Records = [], NextShardIterator } = await this.#streams.send(command, { abortSignal: signal });
      this.#iterator = NextShardIterator;
      const last = Records.at(-1)?.dynamodb?.SequenceNumber;
      if (last !== undefined) this.#position = { after: last };
      return { records: Records, ended: NextShardIterator === undefined };
    } catch (error) {
      if (!isStale(error)) throw error;
      this.#iterator = undefined;
      if (!renewable) throw error; // a new iterator would be no better
      if (error instanceof TrimmedDataAccessException) this.#restartAtHorizon();
      else if (this.#position === "LATEST") this.#onLoss("its iterator expired before the first record was read");
      return this.read(signal);
    }
  }

  async #newIterator(signal: AbortSignal): Promise<string | undefined> {
    const position = this.#position;
    const command = new GetShardIteratorCommand({
      StreamArn: this.#streamArn,
      ShardId: this.#shardId,
      ...(typeof position === "string"
        ? { ShardIteratorType: position }
        : { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: position.after }),
    });
    try {
      return (await this.#streams.send(command, { abortSignal: signal })).ShardIterator;
    } catch (error) {
      if (!(error instanceof TrimmedDataAccessException) || position === "TRIM_HORIZON") throw error;
      this.#restartAtHorizon();
      return this.#newIterator(signal);
    }
  }

  /**
   * Goes on with the oldest record that is left. Something is lost only where a record that was read, or settled, marks the
   * place: an iterator that was taken at an end of the shard lives for 15 minutes, and what was written since is kept for a day.
   * DynamoDB Local refuses one for an empty shard in this way once the shard has records, as it numbers those of all tables
   * together; as the shard was empty, its oldest record is the first one after the iterator.
   */
  #restartAtHorizon(): void {
    const isLoss = typeof this.#position === "object";
    this.#position = "TRIM_HORIZON";
    if (isLoss) this.#onLoss("the stream had trimmed records before they were read");
  }
}

function isStale(error: unknown): boolean {
  return (
    error instanceof ExpiredIteratorException ||
    error instanceof TrimmedDataAccessException ||
    error instanceof ResourceNotFoundException
  );
}
