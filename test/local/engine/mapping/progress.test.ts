import { expect } from "chai";
import fc from "fast-check";
import { Progress } from "../../../../local/engine/mapping/progress.ts";

describe("Progress", () => {
  it("moves the checkpoint only over what is settled without a gap", () => {
    const checkpoints: string[] = [];
    const progress = new Progress((sequenceNumber) => checkpoints.push(sequenceNumber));
    const [one, two, three] = ["1", "2", "3"].map((number) => progress.add(number, 10));
    progress.settle([two!]);
    expect(checkpoints).to.deep.equal([]);
    expect(progress).to.deep.include({ read: 3, settled: 0, outstanding: 3, outstandingBytes: 30 });
    progress.settle([one!]);
    expect(progress).to.deep.include({ read: 3, settled: 2, outstanding: 1, outstandingBytes: 10 });
    progress.settle([three!]);
    expect(checkpoints).to.deep.equal(["2", "3"]);
  });

  it("ends at the last record, in whatever order records are settled", () => {
    const order = fc.integer({ min: 1, max: 40 }).chain((count) => {
      const numbers = Array.from({ length: count }, (_, index) => index);
      return fc.shuffledSubarray(numbers, { minLength: count, maxLength: count });
    });
    fc.assert(
      fc.property(order, (numbers) => {
        const checkpoints: number[] = [];
        const progress = new Progress((sequenceNumber) => checkpoints.push(Number(sequenceNumber)));
        const places = numbers.map((_, index) => progress.add(String(index), 1));
        const settled = new Set<number>();
        for (const number of numbers) {
          progress.settle([places[number]!]);
          settled.add(number);
          const gap = numbers.findIndex((_, index) => !settled.has(index));
          expect(progress.settled).to.equal(gap === -1 ? numbers.length : gap);
        }
        expect(checkpoints).to.deep.equal([...new Set(checkpoints)].toSorted((a, b) => a - b));
        expect(checkpoints.at(-1)).to.equal(numbers.length - 1);
        expect(progress).to.deep.include({ outstanding: 0, outstandingBytes: 0 });
      }),
    );
  });
});
