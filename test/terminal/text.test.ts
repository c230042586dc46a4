import { expect } from "chai";
import { textTable } from "../../terminal/text.ts";

describe("textTable", () => {
  it("lines columns up under their titles", () => {
    const table = textTable<[string, number]>(
      [
        { title: "name", value: ([name]) => name },
        { title: "n", value: ([, n]) => String(n), align: "right" },
      ],
      [
        ["events", 12],
        ["warehouse", 3],
      ],
    );
    expect(table.split("\n")).to.deep.equal(["name        n", "---------  --", "events     12", "warehouse   3"]);
  });
});
