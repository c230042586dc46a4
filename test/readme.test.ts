import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { configurationTable } from "../infra/configuration-table.ts";

describe("README.md", () => {
  const root = join(import.meta.dirname, "..");
  const readme = readFileSync(join(root, "README.md"), "utf8");

  it("has the configuration as the schemas have it", () => {
    const [, table] = /<!-- configuration:.*?-->\n(.*)\n<!-- \/configuration -->/s.exec(readme) ?? [];
    expect(table, "paste what `npm run -s configuration` prints").to.equal(configurationTable());
  });

  it("names only files and scripts that exist", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    for (const [, script] of readme.matchAll(/npm run (?:-s )?([a-z:-]+)/g)) expect(scripts).to.have.property(script!);
    for (const [, path] of readme.matchAll(
      /`((?:infra|handlers|operate|terminal|local|docs|test|\.github)\/[\w./-]+)`/g,
    )) {
      expect(() => readFileSync(join(root, path!)), path).to.not.throw(/ENOENT/);
    }
  });
});
