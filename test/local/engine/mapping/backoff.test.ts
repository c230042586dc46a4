import { expect } from "chai";
import { backoff } from "../../../../local/engine/mapping/backoff.ts";

describe("backoff", () => {
  it("doubles from a quarter of a second up to a minute", () => {
    const delays = Array.from({ length: 10 }, (_, index) => backoff(index + 1, 0));
    expect(delays).to.deep.equal([250, 500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  });

  it("adds up to a quarter at random", () => {
    expect(backoff(3, 1)).to.equal(1250);
    expect(backoff(2000, 1)).to.equal(75_000);
    for (let run = 0; run < 100; run += 1) expect(backoff(1)).to.be.within(250, 312.5);
  });
});
