import { expect } from "chai";
import { Chunk, limits } from "../../../operate/redrive/chunk.ts";

/** How many things of each size an invocation carries. */
function chunked(...sizes: number[]): number[] {
  const chunk = new Chunk<{ bytes: number }>();
  const counts: number[] = [];
  for (const bytes of sizes) {
    if (!chunk.hasRoomFor({ bytes })) counts.push(chunk.take().length);
    chunk.add({ bytes });
  }
  return [...counts, chunk.take().length];
}

describe("a chunk", () => {
  it("takes as many as are allowed", () => {
    expect(chunked(...Array(limits.count).fill(1))).to.deep.equal([limits.count]);
    expect(chunked(...Array(limits.count + 1).fill(1))).to.deep.equal([limits.count, 1]);
  });

  it("takes no more bytes than are allowed, of which the commas are some", () => {
    const half = limits.bytes / 2;
    expect(chunked(half - 1, half)).to.deep.equal([2]);
    expect(chunked(half, half)).to.deep.equal([1, 1]);
    expect(chunked(10, limits.bytes - 10, 10)).to.deep.equal([1, 1, 1]);
  });

  it("takes what is too large alone, and leaves well within Lambda's limit", () => {
    expect(chunked(1, limits.bytes * 2, 1)).to.deep.equal([1, 1, 1]);
    expect(limits.bytes).to.be.lessThan(6 * 1024 * 1024 - 1000);
  });
});
