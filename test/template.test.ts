import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";

describe("a project that `pulumi new` makes of this one", () => {
  const project = parse(readFileSync(join(import.meta.dirname, "../Pulumi.yaml"), "utf8"));
  // `pulumi new` changes the project's name and leaves the rest. Once it has, the file is its owner's, without a template.
  const tags = project.template === undefined ? {} : (project.config?.["aws:defaultTags"]?.value?.tags ?? {});

  it("has no tag with the name of another project", () => {
    expect(tags).to.not.have.property("project", "dynamodb-fanout");
  });
});
