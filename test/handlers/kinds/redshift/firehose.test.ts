import { expect } from "chai";
import fc from "fast-check";
import { pack } from "../../../../handlers/kinds/redshift/firehose.ts";

describe("pack", () => {
  const limits = { bytes: 1000, count: 20 };
  const anyNumber = { bytes: 1000, count: Number.POSITIVE_INFINITY };
  const things = fc.array(
    fc.oneof(fc.integer({ min: 1, max: limits.bytes }), fc.integer({ min: 1, max: 30 })).map((bytes) => ({ bytes })),
    { maxLength: 200 },
  );

  it("keeps everything in its order, within the limits, and no bin that the one before had room for", () => {
    fc.assert(
      fc.property(things, (items) => {
        const bins = pack(items, limits);
        expect(bins.flatMap((bin) => bin.items)).to.deep.equal(items);
        for (const [i, bin] of bins.entries()) {
          expect(bin.bytes).to.equal(bin.items.reduce((sum, { bytes }) => sum + bytes, 0));
          expect(bin.bytes).to.be.within(1, limits.bytes);
          expect(bin.items.length).to.be.within(1, limits.count);
          const next = bins[i + 1];
          if (next === undefined) continue;
          const hasRoom = bin.bytes + next.items[0]!.bytes <= limits.bytes && bin.items.length < limits.count;
          expect(hasRoom).to.equal(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("needs fewer than twice the fewest bins", () => {
    const few = fc.array(fc.integer({ min: 1, max: limits.bytes }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(few, (sizes) => {
        const bins = pack(
          sizes.map((bytes) => ({ bytes })),
          anyNumber,
        );
        expect(bins.length).to.be.lessThan(2 * fewest(sizes, limits.bytes));
      }),
      { numRuns: 300 },
    );
  });

  it("leaves less room than the largest thing takes in every bin but the last", () => {
    const items = Array.from({ length: 500 }, (_, i) => ({ bytes: 10 + (i % 7) }));
    for (const bin of pack(items, anyNumber).slice(0, -1)) expect(bin.bytes).to.be.greaterThan(1000 - 16);
  });

  it("has no bin for nothing, and none for what is too large", () => {
    expect(pack([], limits)).to.deep.equal([]);
    expect(() => pack([{ bytes: 1001 }], limits)).to.throw("1001 bytes do not fit");
  });
});

/** The fewest bins there can be, by trying every way. */
function fewest(sizes: readonly number[], room: number, bins: readonly number[] = []): number {
  const [size, ...rest] = sizes;
  if (size === undefined) return bins.length;
  const joined = bins.flatMap((used, i) =>
    used + size <= room ? [fewest(rest, room, bins.with(i, used + size))] : [],
  );
  return Math.min(fewest(rest, room, [...bins, size]), ...joined);
}
