import { expect } from "chai";
import fc from "fast-check";
import { type Checkpoint, Progress } from "../../../../local/engine/mapping/checkpoint.ts";

/** Remembers, one after the other, up to where everything is settled. */
class RecordingCheckpoints extends Map<string, Checkpoint> {
  readonly settledThrough: (string | undefined)[] = [];

  override set(shardId: string, checkpoint: Checkpoint): this {
    this.settledThrough.push(checkpoint.settledThrough);
    return super.set(shardId, checkpoint);
  }
}

describe("Progress", () => {
  it("moves the checkpoint only over what is settled without a gap", () => {
    const checkpoints = new RecordingCheckpoints();
    const progress = new Progress("shard", checkpoints);
    const [one, two, three] = ["1", "2", "3"].map((number) => progress.add(number, 10));
    progress.settle([two!]);
    expect(checkpoints.settledThrough).to.deep.equal([]);
    expect(progress).to.deep.include({ read: 3, settled: 0, outstanding: 3, outstandingBytes: 30 });
    progress.settle([one!]);
    expect(progress).to.deep.include({ read: 3, settled: 2, outstanding: 1, outstandingBytes: 10 });
    progress.settle([three!]);
    expect(checkpoints.settledThrough).to.deep.equal(["2", "3"]);
  });

  it("ends at the last record, in whatever order records are settled", () => {
    const order = fc.integer({ min: 1, max: 40 }).chain((count) => {
      const numbers = Array.from({ length: count }, (_, index) => index);
      return fc.shuffledSubarray(numbers, { minLength: count, maxLength: count });
    });
    fc.assert(
      fc.property(order, (numbers) => {
        const recording = new RecordingCheckpoints();
        const progress = new Progress("shard", recording);
        const entries = numbers.map((_, index) => progress.add(String(index), 1));
        const settled = new Set<number>();
        for (const number of numbers) {
          progress.settle([entries[number]!]);
          settled.add(number);
          const gap = numbers.findIndex((_, index) => !settled.has(index));
          expect(progress.settled).to.equal(gap === -1 ? numbers.length : gap);
        }
        const checkpoints = recording.settledThrough.map(Number);
        expect(checkpoints).to.deep.equal([...new Set(checkpoints)].toSorted((a, b) => a - b));
        expect(checkpoints.at(-1)).to.equal(numbers.length - 1);
        expect(progress).to.deep.include({ outstanding: 0, outstandingBytes: 0 });
      }),
    );
  });
});
