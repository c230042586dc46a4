import { expect } from "chai";
import fc from "fast-check";
import type { FailedRange } from "../../../operate/redrive/failure-message.ts";
import { covers, mergeRanges } from "../../../operate/redrive/ranges.ts";

const range = (first: number, last: number, shardId = "s"): FailedRange => ({
  streamArn: "stream",
  shardId,
  first: String(first),
  last: String(last),
});
const merged = (...ranges: FailedRange[]) =>
  mergeRanges(ranges).map(({ shardId, first, last, parts }) => [shardId, first, last, parts.length]);

describe("mergeRanges", () => {
  const cases: readonly (readonly [what: string, given: FailedRange[], expected: unknown[][]])[] = [
    ["nothing", [], []],
    ["one", [range(1, 5)], [["s", "1", "5", 1]]],
    [
      "apart",
      [range(7, 9), range(1, 5)],
      [
        ["s", "1", "5", 1],
        ["s", "7", "9", 1],
      ],
    ],
    ["overlapping", [range(4, 9), range(1, 5)], [["s", "1", "9", 2]]],
    ["sharing a record", [range(1, 5), range(5, 9)], [["s", "1", "9", 2]]],
    ["one within another", [range(1, 9), range(3, 4)], [["s", "1", "9", 2]]],
    ["the same twice", [range(1, 5), range(1, 5)], [["s", "1", "5", 2]]],
    [
      "as numbers",
      [range(9, 9), range(10, 11)],
      [
        ["s", "9", "9", 1],
        ["s", "10", "11", 1],
      ],
    ],
    [
      "of different shards",
      [range(3, 8, "b"), range(1, 5, "a")],
      [
        ["a", "1", "5", 1],
        ["b", "3", "8", 1],
      ],
    ],
    [
      "of different shards in turn",
      [range(1, 2, "a"), range(3, 4, "b"), range(2, 6, "a")],
      [
        ["a", "1", "6", 2],
        ["b", "3", "4", 1],
      ],
    ],
  ];
  for (const [what, given, expected] of cases) it(what, () => expect(merged(...given)).to.deep.equal(expected));

  it("covers each record that a range covers exactly once, in order, and loses no range", () => {
    const anyRange = fc
      .tuple(fc.nat(40), fc.nat(10), fc.constantFrom("a", "b"))
      .map(([first, length, shard]) => range(first, first + length, shard));
    fc.assert(
      fc.property(fc.array(anyRange, { maxLength: 12 }), (ranges) => {
        const all = mergeRanges(ranges);
        expect(all.flatMap(({ parts }) => parts)).to.have.members(ranges);
        for (const shard of ["a", "b"])
          for (let at = 0; at <= 50; at++) {
            const by = (list: readonly FailedRange[]) =>
              list.filter((one) => one.shardId === shard && covers(one, String(at))).length;
            expect(by(all)).to.equal(Math.min(1, by(ranges)));
          }
        const firsts = all.map(({ first }) => Number(first));
        expect(firsts).to.deep.equal(firsts.toSorted((a, b) => a - b));
      }),
    );
  });
});
