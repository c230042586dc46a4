import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect } from "chai";

const root = join(import.meta.dirname, "..");

describe("the files of infra/", () => {
  it("import each other in no circle, types included", () => {
    const files = globSync("infra/**/*.ts", { cwd: root });
    const imports = new Map(files.map((file) => [file, importsOf(file)]));
    expect(files.length).to.be.greaterThan(30);
    expect(files.map((file) => circle(file, imports)).filter((found) => found !== undefined)).to.deep.equal([]);
  });
});

function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/ from "(\.[^"]+)";$/gm)].map(([, path]) => normalize(join(dirname(file), path!)));
}

/** The way from a file back to itself, if there is one. */
function circle(file: string, imports: ReadonlyMap<string, readonly string[]>): string | undefined {
  const waiting = [[file]];
  const seen = new Set<string>();
  for (const [last, ...before] of waiting)
    for (const next of imports.get(last!) ?? []) {
      if (next === file) return [file, last, ...before].reverse().join(" > ");
      if (!seen.has(next)) waiting.push([next, last!, ...before]);
      seen.add(next);
    }
  return undefined;
}
