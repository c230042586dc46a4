import { expect } from "chai";
import { columnsOf, counted, prose } from "../../terminal/text.ts";

describe("terminal/text.ts", () => {
  it("counts one and many", () => {
    expect([0, 1, 2].map((n) => counted(n, "record"))).to.deep.equal(["0 records", "1 record", "2 records"]);
  });

  it("knows how many columns a terminal, a pipe and a pipe with COLUMNS have", () => {
    const terminal = (columns: number) => ({ isTTY: true, columns });
    const pipe = { isTTY: false, columns: 0 };
    expect(columnsOf(terminal(50), { COLUMNS: "70" })).to.equal(50);
    expect(columnsOf(terminal(0), {})).to.equal(80);
    expect(columnsOf(pipe, { COLUMNS: "70" })).to.equal(70);
    for (const COLUMNS of [undefined, "", "0", "-1", "x"])
      expect(columnsOf(pipe, { COLUMNS })).to.equal(Number.POSITIVE_INFINITY);
  });

  it("breaks running text between words, and sets in what follows", () => {
    expect(prose("  one two three four", 11, 2).split("\n")).to.deep.equal(["  one two", "    three", "    four"]);
    expect(prose("one", 50)).to.equal("one");
  });

  it("leaves a word that is too long whole, and lines of a wide terminal readable", () => {
    expect(prose("see https://example.com/a/long/address there", 12).split("\n")).to.deep.equal([
      "see",
      "https://example.com/a/long/address",
      "there",
    ]);
    const text = Array(100).fill("word").join(" ");
    for (const width of [200, Number.POSITIVE_INFINITY])
      expect(
        Math.max(
          ...prose(text, width)
            .split("\n")
            .map(({ length }) => length),
        ),
      ).to.equal(119);
  });
});
