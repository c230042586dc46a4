import { expect } from "chai";
import fc from "fast-check";
import { largestPayload, nextBatch } from "../../../../local/engine/mapping/batch.ts";

const sized = (...bytes: number[]) => bytes.map((size) => ({ bytes: size }));
const half = largestPayload / 2;

describe("nextBatch", () => {
  const table: [
    string,
    { bytes: number }[],
    { size?: number; window?: number; openFor?: number; ended?: boolean },
    { take: number; wait: number },
  ][] = [
    ["without a window: whatever is there", sized(1, 1), {}, { take: 2, wait: 0 }],
    ["a full batch", sized(1, 1, 1), { size: 2, window: 1000 }, { take: 2, wait: 0 }],
    ["exactly a full batch", sized(1, 1), { size: 2, window: 1000 }, { take: 2, wait: 0 }],
    ["not full, the window open", sized(1), { size: 2, window: 1000, openFor: 400 }, { take: 0, wait: 600 }],
    ["not full, the window over", sized(1), { size: 2, window: 1000, openFor: 1000 }, { take: 1, wait: 0 }],
    ["not full, no more to come", sized(1), { size: 2, window: 1000, ended: true }, { take: 1, wait: 0 }],
    ["6 MB reached, the window open", sized(half, half), { window: 1000 }, { take: 1, wait: 0 }],
    ["6 MB to the byte", sized(half, half - 15), { window: 1000 }, { take: 0, wait: 1000 }],
    ["one byte more", sized(half, half - 14), { window: 1000 }, { take: 1, wait: 0 }],
    ["a record larger than 6 MB travels alone", sized(2 * largestPayload, 1), { window: 1000 }, { take: 1, wait: 0 }],
  ];
  for (const [name, waiting, { size = 100, window = 0, openFor = 0, ended = false }, expected] of table) {
    it(name, () => expect(nextBatch(waiting, { batchSize: size, window }, openFor, ended)).to.deep.equal(expected));
  }

  it("never exceeds the count or 6 MB of JSON, and always gets on when it may not wait", () => {
    const records = fc.array(fc.integer({ min: 2, max: 3_000_000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(records, fc.integer({ min: 1, max: 20 }), (sizes, batchSize) => {
        const { take } = nextBatch(sized(...sizes), { batchSize, window: 0 }, 0, false);
        const json = JSON.stringify({ Records: sizes.slice(0, take).map(() => 0) }).length;
        const bytes = sizes.slice(0, take).reduce((sum, size) => sum + size - 1, json);
        expect(take).to.be.within(1, batchSize);
        if (take > 1) expect(bytes).to.be.at.most(largestPayload);
        if (take < Math.min(batchSize, sizes.length)) expect(bytes + 1 + sizes[take]!).to.be.above(largestPayload);
      }),
    );
  });
});
