import { expect } from "chai";
import fc from "fast-check";
import { pack } from "../../../handlers/redshift/pack.ts";

describe("pack", () => {
  const limits = { bytes: 1000, count: 20 };
  const things = fc.array(
    fc.integer({ min: 1, max: limits.bytes }).map((bytes) => ({ bytes })),
    { maxLength: 200 },
  );

  it("keeps everything, within the limits, in few bins", () => {
    fc.assert(
      fc.property(things, (items) => {
        const bins = pack(items, limits);
        expect(bins.flatMap((bin) => bin.items)).to.have.members(items);
        for (const bin of bins) {
          expect(bin.bytes).to.equal(bin.items.reduce((sum, { bytes }) => sum + bytes, 0));
          expect(bin.bytes).to.be.within(1, limits.bytes);
          expect(bin.items.length).to.be.within(1, limits.count);
        }
        // Two bins that would both fit into one cannot be: every bin but one is over half full in bytes or in number.
        const spare = bins.filter((bin) => bin.bytes <= limits.bytes / 2 && bin.items.length <= limits.count / 2);
        expect(spare.length).to.be.at.most(1);
      }),
      { numRuns: 300 },
    );
  });

  it("needs no more than 11/9 of the fewest bins, and two thirds of one", () => {
    const few = fc.array(fc.integer({ min: 1, max: limits.bytes }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(few, (sizes) => {
        const bins = pack(
          sizes.map((bytes) => ({ bytes })),
          { bytes: limits.bytes, count: Number.POSITIVE_INFINITY },
        );
        expect(bins.length).to.be.at.most((11 / 9) * fewest(sizes, limits.bytes) + 6 / 9);
      }),
      { numRuns: 300 },
    );
  });

  it("fills every bin but the last when things are small", () => {
    const items = Array.from({ length: 500 }, (_, i) => ({ bytes: 10 + (i % 7) }));
    const bins = pack(items, { bytes: 1000, count: Number.POSITIVE_INFINITY });
    expect(bins).to.have.length(Math.ceil(items.reduce((sum, { bytes }) => sum + bytes, 0) / 1000));
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
