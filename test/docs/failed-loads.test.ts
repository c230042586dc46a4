import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { columns } from "../../infra/kinds/redshift/statements.ts";

describe("docs/failed-loads.md", () => {
  it("loads the columns that the change log has, in the way that Firehose does", () => {
    const text = readFileSync(join(import.meta.dirname, "../../docs/failed-loads.md"), "utf8");
    const [, named] = /COPY \S+ \(([^)]*)\)/.exec(text)!;
    expect(named!.split(", ")).to.deep.equal(Object.keys(columns));
    expect(text).to.contain("MANIFEST FORMAT JSON 'auto' GZIP TIMEFORMAT 'auto'");
  });
});
