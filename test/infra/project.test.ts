import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { configurationTable } from "../../infra/configuration-table.ts";
import { kinds } from "../../infra/kinds.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

// It is the users' own: whatever the CLI accepts passes, under any name, with keys of theirs, and without what `pulumi new` takes out.
describe("Pulumi.yaml", () => {
  const project = parse(read("Pulumi.yaml"));

  it("lets Node run the program", () => {
    expect(project.name).to.be.a("string").that.is.not.empty;
    expect(project.runtime).to.deep.include({ name: "nodejs" });
    expect(project.runtime.options).to.deep.include({ typescript: false });
    // Node's own check of the version and the one of main.js say the same.
    const { engines, main } = JSON.parse(read("package.json"));
    expect(engines.node).to.equal(">=22.18");
    expect(read(main)).to.include("which is 22.18, 23.6 or newer");
  });

  it("gives keys of other namespaces than the project's nothing but a value, as the CLI demands", () => {
    const others = Object.entries<object>(project.config ?? {}).filter(
      ([key]) => key.includes(":") && !key.startsWith(`${project.name}:`),
    );
    for (const [key, declaration] of others)
      if (typeof declaration === "object" && !Array.isArray(declaration))
        expect(Object.keys(declaration), key).to.deep.equal(["value"]);
  });
});

describe("the configuration table", () => {
  const table = configurationTable();

  it("has a row for every kind's settings and for what all have in common", () => {
    for (const kind of Object.keys(kinds)) expect(table).to.include(`### Kind \`${kind}\``);
    expect(table).to.include(
      "| `destinations.<name>.mapping.batchSize` | integer | `100` | a whole number from 1 to 10000 | Changes per invocation, at most. Lambda also stops at 6 MB. |",
    );
    expect(table).to.include(
      "| `source.existing.tableName` | string | required | 3 to 255 letters, digits, `_`, `-` and `.` | Name of the table, in the stack's Region and account. Its stream must be on. |",
    );
    expect(table).to.include("| `maxReadersPerShard` | integer | `2` | a whole number of at least 1 |");
    expect(table).to.include("| `destinations.<name>.schema` | string | `fanout` |");
    expect(table).to.include("| `destinations.<name>.fifo` | boolean | `true` | true or false |");
    expect(table).to.include("| `destinations.<name>.mapping.maximumRetryAttempts` | integer | `5` |");
  });

  it("says what every setting means", () => {
    const rows = table.split("\n").filter((line) => line.startsWith("| `"));
    expect(rows.length).to.be.greaterThan(50);
    for (const row of rows) {
      const cells = row
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim());
      expect(cells, row).to.have.lengthOf(5);
      for (const cell of cells) expect(cell, row).to.not.equal("");
    }
  });
});
