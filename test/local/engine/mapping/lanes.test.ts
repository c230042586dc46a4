import { expect } from "chai";
import fc from "fast-check";
import { laneOf } from "../../../../local/engine/mapping/lanes.ts";

const withKeys = (Keys: Record<string, { S: string } | { N: string }>) => ({ dynamodb: { Keys } });

describe("laneOf", () => {
  it("gives the same item the same lane, whatever the order of its key's attributes", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), fc.integer({ min: 1, max: 10 }), (S, n, lanes) => {
        const [partition, sort] = [{ S }, { N: String(n) }];
        const lane = laneOf(withKeys({ p: partition, s: sort }), lanes);
        expect(laneOf(withKeys({ s: sort, p: partition }), lanes)).to.equal(lane);
        expect(lane).to.be.within(0, lanes - 1);
      }),
    );
  });

  it("spreads items over all lanes, by partition and sort key", () => {
    const lanes = Array.from({ length: 200 }, (_, n) =>
      laneOf(withKeys({ p: { S: "same" }, s: { N: String(n) } }), 10),
    );
    expect(new Set(lanes).size).to.equal(10);
  });
});
