import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";

const root = join(import.meta.dirname, "../..");
const forbidden = /\b(local|mock|test)(s|ed|ing|ly)?\b/i;
// A regular expression's own method.
const method = /\.test\(/g;

describe("what is deployed", () => {
  it("knows nothing of this machine, of stand-ins or of proofs", () => {
    const files = ["index.ts", ...globSync(["infra/**/*.ts", "handlers/**/*.ts"], { cwd: root })];
    expect(files.length).to.be.greaterThan(30);
    const found = files.flatMap((file) =>
      readFileSync(join(root, file), "utf8")
        .split("\n")
        .filter((line) => line.replaceAll(method, "(").match(forbidden) !== null)
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(found).to.deep.equal([]);
  });
});
