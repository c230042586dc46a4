import { readFileSync } from "node:fs";
import { expect } from "chai";
import { calls, resources } from "../../../local/engine/resources.ts";

describe("docs/other-programs.md", () => {
  const text = readFileSync("docs/other-programs.md", "utf8");
  /** The first cells of the rows of the table below a heading. */
  const listed = (heading: string): string[] => {
    const [, section = ""] = text.split(`## ${heading}\n`);
    return [...section.split("\n## ")[0]!.matchAll(/^\| `([^`]+)` \|/gm)].map(([, token]) => token!);
  };

  it("lists every type of resource that runs on this machine, and no other", () => {
    expect(listed("Types of resources")).to.deep.equal(Object.keys(resources));
  });

  it("lists every function of a provider that is answered on this machine, and no other", () => {
    expect(listed("Functions of providers")).to.deep.equal(Object.keys(calls));
  });
});
