import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { configurationTable } from "../../infra/configuration-table.ts";
import { kinds } from "../../infra/kinds.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

describe("Pulumi.yaml", () => {
  const project = parse(read("Pulumi.yaml"));

  it("lets Node run the program", () => {
    expect(project.name).to.equal("dynamodb-fanout");
    expect(project.runtime).to.deep.equal({ name: "nodejs", options: { typescript: false } });
    expect(JSON.parse(read("package.json")).main).to.equal("index.ts");
  });

  it("declares nothing that only a newer CLI takes, or only for keys of the project's own name", () => {
    for (const [key, declaration] of Object.entries(project.config as object)) {
      expect(key).to.match(/^[a-z]+:[a-zA-Z]+$/);
      expect(Object.keys(declaration), key).to.deep.equal(["value"]);
    }
  });

  it("asks for a CLI that edits stack files as they are, as the README says, and has one in its dependencies", () => {
    const [, least] = /^>=3\.(\d+)\.0$/.exec(project.requiredPulumiVersion) ?? [];
    const [major, minor] = JSON.parse(read("package.json")).devDependencies.pulumi.split(".");
    expect(Number(least)).to.be.at.least(136);
    expect([major, Number(minor) >= Number(least)]).to.deep.equal(["3", true]);
    expect(read("README.md")).to.include(`3.${least} or newer`);
  });

  it("tags everything, and asks for the Region of a new project", () => {
    expect(project.config["aws:defaultTags"].value).to.deep.equal({ tags: { program: "dynamodb-fanout" } });
    expect(project.template.config["aws:region"]).to.deep.equal({
      description: "The AWS Region to deploy into",
      default: "us-east-1",
    });
  });
});

describe("the example stack files", () => {
  it("name each key in full, so that the CLI leaves what stands beside it", () => {
    for (const file of ["Pulumi.dev.yaml", "Pulumi.prod.yaml"])
      for (const key of Object.keys(parse(read(file)).config)) expect(key).to.match(/^(aws|fanout):[a-zA-Z]+$/);
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
