import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { bundle } from "../infra/consumer/bundle.ts";
import { setupBundle } from "../infra/kinds/redshift/setup.ts";
import { kinds } from "../infra/kinds.ts";

const root = join(import.meta.dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const { dependencies, devDependencies } = JSON.parse(read("package.json"));

/** The rows of a section of the page: package, licence, and where it runs. */
function listed(section: string) {
  const text = read("docs/dependencies.md").split(`\n## ${section}\n`)[1]!.split("\n## ")[0]!;
  const rows = text.matchAll(/^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| [^|]+ \|$/gm);
  return [...rows].map(([, name, licence, where]) => ({ name: name!, licence: licence!, where: where!.split(", ") }));
}

describe("docs/dependencies.md", () => {
  const needed = listed("Needed to deploy and to operate");
  const development = listed("Needed to develop and to test");

  it("lists every dependency", () => {
    expect(needed.map(({ name }) => name)).to.deep.equal(Object.keys(dependencies).sort());
    expect(development.map(({ name }) => name)).to.deep.equal(Object.keys(devDependencies).sort());
  });

  it("states their licences", () => {
    for (const { name, licence } of [...needed, ...development])
      expect(JSON.parse(read(`node_modules/${name}/package.json`)).license, name).to.equal(licence);
  });

  it("says which are in a Lambda bundle", () => {
    const bundles = [bundle(Object.keys(kinds)), setupBundle()];
    const sources = bundles.flatMap((files): string[] => JSON.parse(files["index.mjs.map"]).sources);
    const inBundle = ({ name }: { name: string }) => sources.some((path) => path.includes(`node_modules/${name}/`));
    const isListed = ({ where }: { where: readonly string[] }) => where.includes("Lambda bundle");
    const all = [...needed, ...development];
    expect(all.filter(isListed)).to.deep.equal(all.filter(inBundle));
  });

  it("knows no other place to run than those that it explains", () => {
    const explained = [...read("docs/dependencies.md").matchAll(/^\* \*\*([^*]+)\*\*:/gm)].map(([, place]) => place);
    const used = new Set([...needed, ...development].flatMap(({ where }) => where));
    expect([...used]).to.have.members(explained);
  });

  it("names files that are there for what is written by hand", () => {
    const rows = read("docs/dependencies.md").split("\n## Written by hand, and why\n")[1]!;
    const files = [...rows.matchAll(/^\| [^|`]+ \| `([^`]+)` \|/gm)].map(([, file]) => file!);
    expect(files).to.include("terminal/progress.ts");
    expect(files.filter((file) => !existsSync(join(root, file)))).to.deep.equal([]);
  });
});
