import { expect } from "chai";
import fc from "fast-check";
import { type Column, textTable } from "../../terminal/table.ts";

const columns: readonly Column<readonly [string, string, number]>[] = [
  { title: "name", value: ([name]) => name },
  { title: "what it is", value: ([, what]) => what },
  { title: "n", value: ([, , n]) => String(n), align: "right" },
];

describe("textTable", () => {
  it("lines columns up under their titles", () => {
    const rows = [["events", "a queue", 12] as const, ["warehouse", "tables", 3] as const];
    expect(textTable(columns, rows).split("\n")).to.deep.equal([
      "name       what it is   n",
      "---------  ----------  --",
      "events     a queue     12",
      "warehouse  tables       3",
    ]);
  });

  it("breaks titles and texts between words where it is wider than it may be", () => {
    const rows = [["events", "a queue of messages, one a change", 12] as const, ["copy", "a table", 3] as const];
    expect(textTable(columns, rows, 28).split("\n")).to.deep.equal([
      "name    what it is         n",
      "------  ----------------  --",
      "events  a queue of        12",
      "        messages, one a",
      "        change",
      "copy    a table            3",
    ]);
  });

  it("makes each row a block where words are too long, and leaves out what is empty", () => {
    const rows = [["a-name-that-is-long", "", 12] as const, ["b", "a queue", 3] as const];
    expect(textTable(columns, rows, 24).split("\n")).to.deep.equal([
      "name        a-name-that-",
      "            is-long",
      "n           12",
      "",
      "name        b",
      "what it is  a queue",
      "n           3",
    ]);
  });

  it("fits any terminal of 30 columns and more, whatever it shows", () => {
    const word = fc.string({ minLength: 1, maxLength: 70, unit: fc.constantFrom(..."ab-:/") });
    const text = fc.array(word, { maxLength: 8 }).map((words) => words.join(" "));
    const row = fc.tuple(text, text, fc.nat());
    fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), fc.integer({ min: 30, max: 130 }), (rows, width) => {
        const lines = textTable(columns, rows, width).split("\n");
        expect(Math.max(...lines.map(({ length }) => length))).to.be.at.most(width);
        const shown = lines.join("").replace(/[ -]/g, "");
        for (const [name] of rows)
          if (!name.includes(" ")) expect(shown).to.contain(name.replace(/-/g, "").slice(0, 12));
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
