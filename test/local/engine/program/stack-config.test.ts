import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readStackConfig } from "../../../../local/engine/program/stack-config.ts";
import { UserError } from "../../../../terminal/user-error.ts";

describe("a stack's configuration", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "stack-config-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const write = (project: string, stack = "config: {}") => {
    writeFileSync(join(root, "Pulumi.yaml"), project);
    writeFileSync(join(root, "Pulumi.dev.yaml"), stack);
  };
  const read = (overrides: Record<string, unknown> = {}) => readStackConfig({ root, stack: "dev", overrides });
  const problem = () => {
    try {
      read();
    } catch (error) {
      expect(error).to.be.instanceOf(UserError);
      return (error as Error).message.replaceAll(`${root}/`, "");
    }
    throw new Error("it was read");
  };

  it("merges the project's defaults, the stack's values and the overrides, in this order", () => {
    write(
      `
name: films
config:
  aws:region: { value: us-east-1 }
  readers: { type: integer, default: 2 }
  view: { type: string, default: KEYS_ONLY }
  plain: here`,
      `
config:
  aws:region: eu-west-1
  films:view: NEW_IMAGE
  source: { hashKey: { name: id } }`,
    );
    expect(read({ view: "OLD_IMAGE", "films:list": [1, 2], absent: undefined })).to.deep.equal({
      project: "films",
      config: {
        "aws:region": "eu-west-1",
        "films:readers": "2",
        "films:view": "OLD_IMAGE",
        "films:plain": "here",
        "films:source": '{"hashKey":{"name":"id"}}',
        "films:list": "[1,2]",
      },
    });
  });

  it("names the missing file and what it is for", () => {
    expect(problem()).to.equal("Pulumi.yaml does not exist; a Pulumi project has one at its top level.");
    writeFileSync(join(root, "Pulumi.yaml"), "name: films");
    for (const stack of ["prod", "test"]) writeFileSync(join(root, `Pulumi.${stack}.yaml`), "");
    expect(problem()).to.equal(
      "Pulumi.dev.yaml does not exist; it holds the configuration of the stack `dev`. There are files of prod, test.",
    );
  });

  it("does without a stack file where nothing is missing", () => {
    writeFileSync(join(root, "Pulumi.yaml"), "name: films\nconfig: { readers: { type: integer, default: 2 } }");
    expect(read()).to.deep.equal({ project: "films", config: { "films:readers": "2" } });
    writeFileSync(join(root, "Pulumi.prod.yaml"), "");
    expect(read({ readers: 3 })).to.deep.equal({ project: "films", config: { "films:readers": "3" } });
    writeFileSync(join(root, "Pulumi.yaml"), "name: films\nconfig: { readers: { type: integer } }");
    expect(() => read({ other: 1 })).to.throw(UserError, /^Pulumi\.dev\.yaml: config\.readers has no value/);
  });

  const broken: readonly (readonly [what: string, project: string, stack: string, message: RegExp])[] = [
    ["a project without a name", "runtime: nodejs", "", /^Pulumi\.yaml: `name` must be the project's name\.$/],
    ["text that is not YAML", "name: [", "", /^Pulumi\.yaml is not valid YAML: /],
    ["a list", "- name", "", /^Pulumi\.yaml must hold a mapping of keys to values\.$/],
    ["a config that is no mapping", "name: films", "config: 3", /^Pulumi\.dev\.yaml: `config` must be a mapping/],
    [
      "a key without a value",
      "name: films",
      "config:\n  films:a:",
      /^Pulumi\.dev\.yaml: config\.films:a: has no value\./,
    ],
    [
      "an encrypted value",
      "name: films",
      "config:\n  films:password: { secure: AAAB }",
      /^Pulumi\.dev\.yaml: config\.films:password: is encrypted, and only the Pulumi CLI holds the key to it\. Use /,
    ],
    [
      "an encrypted value inside of another",
      "name: films",
      "config:\n  films:login: { users: [{ password: { secure: AAAB } }] }",
      /^Pulumi\.dev\.yaml: config\.films:login\.users\.0\.password: is encrypted/,
    ],
    [
      "a declared key that nobody gives a value",
      "name: films\nconfig: { source: { type: object } }",
      "",
      /^Pulumi\.dev\.yaml: config\.source has no value and Pulumi\.yaml gives it no default\. Add `films:source: \.\.\.`/,
    ],
    [
      "a value of another type than declared",
      "name: films\nconfig: { readers: { type: integer } }",
      "config: { films:readers: two }",
      /^Pulumi\.dev\.yaml: config\.readers must be of type integer, as Pulumi\.yaml says\.$/,
    ],
    [
      "a declared type that does not exist",
      "name: films\nconfig: { readers: { type: number, default: 2 } }",
      "",
      /^Pulumi\.yaml: config\.readers\.type is `number`; allowed are string, integer, boolean, array, object\.$/,
    ],
  ];
  for (const [what, project, stack, message] of broken) {
    it(`refuses ${what}`, () => {
      write(project, stack);
      expect(problem()).to.match(message);
    });
  }

  for (const [type, value] of [
    ["string", "text"],
    ["integer", -5],
    ["boolean", true],
    ["array", []],
    ["object", {}],
  ] as const) {
    it(`accepts a declared value of type ${type}`, () => {
      write(`name: films\nconfig: { key: { type: ${type} } }`, `config: { films:key: ${JSON.stringify(value)} }`);
      expect(read().config).to.have.property("films:key");
    });
  }
});
