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

  it("declares the project's own keys with a type, and the provider's with a value, as the CLI demands", () => {
    const entries = Object.entries(project.config as Record<string, Record<string, unknown>>);
    const own = entries.filter(([key]) => !key.includes(":"));
    expect(own.map(([key]) => key)).to.deep.equal(["source", "destinations"]);
    for (const [, declaration] of own) {
      expect(declaration.type).to.be.oneOf(["string", "integer", "boolean", "object"]);
      expect(declaration.description).to.be.a("string");
      expect(declaration).to.have.any.keys("type", "description", "default");
    }
    for (const [key, declaration] of entries.filter(([key]) => key.includes(":")))
      expect(Object.keys(declaration), key).to.deep.equal(["value"]);
  });

  it("asks for a CLI that knows objects, and has one in its dependencies", () => {
    const [, least] = /^>=3\.(\d+)\.0$/.exec(project.requiredPulumiVersion) ?? [];
    const [major, minor] = JSON.parse(read("package.json")).devDependencies.pulumi.split(".");
    expect(Number(least)).to.be.at.least(187);
    expect([major, Number(minor) >= Number(least)]).to.deep.equal(["3", true]);
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
  it("work under any project's name", () => {
    for (const file of ["Pulumi.dev.yaml", "Pulumi.prod.yaml"])
      for (const key of Object.keys(parse(read(file)).config)) expect(key).to.match(/^(aws:\w+|[a-zA-Z]+)$/);
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
