import { globSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { expect } from "chai";
import { importsOf } from "../support/imports.ts";

const root = join(import.meta.dirname, "../..");

/** Every package that a file needs when it runs, and what needs it; types need nothing. */
function packagesOf(entry: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const files = new Set([entry]);
  for (const file of files)
    for (const { to, typeOnly } of importsOf(file)) {
      if (typeOnly || isBuiltin(to)) continue;
      if (to.endsWith(".ts")) files.add(to);
      else found.set(to.match(/^(@[^/]+\/)?[^/]+/)![0], file);
    }
  return found;
}

describe("the tools for a deployed stack", () => {
  const { dependencies, scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const tools = globSync("operate/*/main.ts", { cwd: root });

  it("are there", () => expect(tools).to.include("operate/redrive/main.ts"));

  it("run on the Node that comes with the dependencies, and ask for no development dependencies", () => {
    expect(dependencies).to.include.keys("node");
    for (const [name, command] of Object.entries(scripts))
      if (String(command).startsWith("node operate/"))
        expect(scripts[`pre${name}`]).to.equal("node .ci/setup.mjs --omit=dev");
  });

  for (const tool of tools)
    it(`${tool} needs only what is installed without development dependencies, and nothing that provisions`, () => {
      const needed = [...packagesOf(tool).keys()];
      expect(needed).to.include("@aws-sdk/client-sqs");
      expect(needed.filter((name) => !(name in dependencies) || name.startsWith("@pulumi/"))).to.deep.equal([]);
    });
});
