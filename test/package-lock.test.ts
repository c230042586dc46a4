import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";

interface Package {
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

describe("package-lock.json", () => {
  const text = readFileSync(join(import.meta.dirname, "../package-lock.json"), "utf8");
  const packages: Record<string, Package> = JSON.parse(text).packages;

  it("has an entry for every optional dependency, without which `npm ci` refuses to install anything", () => {
    const missing = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
      Object.keys(optionalDependencies).filter(
        (name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`)),
      ),
    );
    expect(missing).to.deep.equal([]);
  });

  it("ties nobody to a registry", () => {
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).to.deep.equal([]);
  });
});
