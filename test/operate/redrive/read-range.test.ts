import {
  type DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ResourceNotFoundException,
  TrimmedDataAccessException,
} from "@aws-sdk/client-dynamodb-streams";
import { expect } from "chai";
import { readRange } from "../../../operate/redrive/read-range.ts";

const number = (n: number) => String(n).padStart(21, "0");
const options = { message: "as AWS says it", $metadata: {} };

/** A shard whose pages hold two records, and come with empty ones between them. */
class FakeShard {
  readonly numbers: number[];
  readonly closed: boolean;
  /** Sequence numbers below this are trimmed. */
  horizon = 0;
  readonly errors: Error[] = [];
  readonly positions: string[] = [];

  constructor(numbers: readonly number[], closed = false) {
    this.numbers = [...numbers];
    this.closed = closed;
  }

  get client(): DynamoDBStreamsClient {
    return { send: async (command: unknown) => this.#send(command) } as unknown as DynamoDBStreamsClient;
  }

  #send(command: unknown) {
    if (command instanceof GetShardIteratorCommand) {
      const { ShardIteratorType: type, SequenceNumber: at } = command.input;
      this.positions.push(type === "TRIM_HORIZON" ? type : String(BigInt(at!)));
      if (type === "TRIM_HORIZON") return { ShardIterator: `${this.horizon}` };
      if (Number(at) < this.horizon) throw new TrimmedDataAccessException(options);
      return { ShardIterator: `${Number(at)}` };
    }
    if (!(command instanceof GetRecordsCommand)) throw new Error("no answer to this");
    const error = this.errors.shift();
    if (error !== undefined) throw error;
    const [at, gap] = command.input.ShardIterator!.split(" ");
    if (gap === undefined) return { Records: [], NextShardIterator: `${at} gap` };
    const left = this.numbers.filter((one) => one >= Number(at) && one >= this.horizon);
    const page = left.slice(0, 2);
    const next = left[2] ?? (page.at(-1) ?? Number(at)) + 1;
    const Records = page.map((one) => ({ dynamodb: { SequenceNumber: number(one) } }));
    return { Records, ...(this.closed && left.length <= 2 ? {} : { NextShardIterator: `${next}` }) };
  }
}

async function read(shard: FakeShard, first: number, last: number, onPage: (shard: FakeShard) => void = () => {}) {
  const range = { streamArn: "stream", shardId: "shard", first: number(first), last: number(last) };
  const pages = readRange(shard.client, range, async () => {});
  const numbers: number[] = [];
  for (;;) {
    const { done, value } = await pages.next();
    if (done) return { numbers, found: value.map(({ first, last }) => [Number(first), Number(last)]) };
    numbers.push(...value.map(({ dynamodb }) => Number(dynamodb!.SequenceNumber)));
    onPage(shard);
  }
}

const to = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe("readRange", () => {
  it("reads what is in the range, ends included, over empty pages", async () => {
    const { numbers, found } = await read(new FakeShard(to(20)), 4, 11);
    expect(numbers).to.deep.equal([4, 5, 6, 7, 8, 9, 10, 11]);
    expect(found).to.deep.equal([[4, 11]]);
  });

  it("reads a single record, also the last of a closed shard", async () => {
    expect(await read(new FakeShard(to(7)), 7, 7)).to.deep.equal({ numbers: [7], found: [[7, 7]] });
    expect(await read(new FakeShard(to(7), true), 7, 7)).to.deep.equal({ numbers: [7], found: [[7, 7]] });
  });

  it("goes on where it was when its iterator expires", async () => {
    const shard = new FakeShard(to(9));
    shard.errors.push(new ExpiredIteratorException(options));
    const { numbers } = await read(shard, 2, 9, () => {
      if (shard.positions.length < 4) shard.errors.push(new ExpiredIteratorException(options));
    });
    expect(numbers).to.deep.equal([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(shard.positions.length).to.be.greaterThan(3);
  });

  it("says what is left of a range whose beginning is trimmed", async () => {
    const shard = new FakeShard(to(20));
    shard.horizon = 6;
    expect(await read(shard, 4, 9)).to.deep.equal({ numbers: [6, 7, 8, 9], found: [[6, 9]] });
  });

  it("finds nothing of a range that is trimmed, with and without records behind it", async () => {
    for (const rest of [to(20), []]) {
      const shard = new FakeShard(rest);
      shard.horizon = 12;
      expect(await read(shard, 4, 9)).to.deep.equal({ numbers: [], found: [] });
    }
  });

  it("finds nothing in a shard that is gone", async () => {
    const gone = { send: () => Promise.reject(new ResourceNotFoundException(options)) };
    const shard = Object.defineProperty(new FakeShard([]), "client", { value: gone });
    expect(await read(shard, 4, 9)).to.deep.equal({ numbers: [], found: [] });
  });

  it("bears records that are trimmed while it reads", async () => {
    const shard = new FakeShard(to(20));
    const { numbers, found } = await read(shard, 2, 9, () => {
      if (shard.horizon > 0) return;
      shard.horizon = 7;
      shard.errors.push(new TrimmedDataAccessException(options));
    });
    expect(numbers).to.deep.equal([2, 3, 7, 8, 9]);
    expect(found).to.deep.equal([
      [2, 3],
      [7, 9],
    ]);
  });

  it("notices what is trimmed while an iterator expires", async () => {
    const shard = new FakeShard(to(20));
    const { numbers, found } = await read(shard, 2, 9, () => {
      if (shard.horizon > 0) return;
      shard.horizon = 7;
      shard.errors.push(new ExpiredIteratorException(options));
    });
    expect(numbers).to.deep.equal([2, 3, 7, 8, 9]);
    expect(found).to.have.length(2);
  });

  it("does not bury an error that it has no way round", async () => {
    const shard = new FakeShard(to(5));
    shard.errors.push(new Error("no rights"));
    expect((await read(shard, 1, 5).catch((error) => error)).message).to.equal("no rights");
  });
});
