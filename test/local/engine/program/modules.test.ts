import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { programFile, runProgram } from "../../../../local/engine/program/program.ts";
import { UserError } from "../../../../terminal/user-error.ts";

describe("a program that lies elsewhere", () => {
  let root: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "program-")));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const write = (files: Readonly<Record<string, string>>) => {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
  };
  /** Runs it, and says what it registered and what it exports. */
  const run = async (file: string) => {
    const registered: string[] = [];
    const outputs = await runProgram({
      root,
      file: programFile(root, file),
      project: "films",
      stack: "dev",
      config: {},
      async register({ name, inputs, custom }) {
        if (custom !== false) registered.push(name);
        return { id: name, state: inputs };
      },
      call: async () => ({}),
    });
    return { registered, outputs };
  };
  const problem = async (file: string): Promise<string> => {
    const error = await run(file).catch((reason) => reason);
    expect(error).to.be.instanceOf(UserError);
    return error.message;
  };

  const queue = (name: string) => `new aws.sqs.Queue("${name}");`;
  const imports = 'import * as aws from "@pulumi/aws";\n';
  const requires = 'const aws = require("@pulumi/aws");\n';

  it("needs no packages of Pulumi, and its own files run in each run", async () => {
    write({
      "index.ts": `${imports}import { made } from "./parts/table.ts";\n${queue("first")}\nexport const name: string = made;`,
      "parts/table.ts": `${imports}${queue("second")}\nexport const made = "made";`,
    });
    for (const _ of [1, 2]) {
      const { registered, outputs } = await run("index.ts");
      expect(registered).to.have.members(["first", "second"]);
      expect(outputs).to.deep.equal({ name: "made" });
    }
  });

  it("may be CommonJS, whose files run in each run as well", async () => {
    write({
      "index.js": `${requires}const { made } = require("./parts");\n${queue("first")}\nexports.name = made;`,
      "parts/index.cjs": "",
      "parts/index.js": `${requires}${queue("second")}\nexports.made = "made";`,
    });
    for (const _ of [1, 2]) {
      const { registered, outputs } = await run("index.js");
      expect(registered).to.have.members(["first", "second"]);
      expect(outputs).to.deep.equal({ name: "made" });
    }
  });

  it("may be what a compiler makes of an ES module, and may export a function", async () => {
    const compiled = 'Object.defineProperty(exports, "__esModule", { value: true });';
    write({
      "named.js": `${compiled}\nexports.name = "made";`,
      "default.js": `${compiled}\nexports.default = async () => ({ name: "called" });`,
      "function.cjs": "module.exports = () => ({ name: 'called' });",
    });
    expect((await run("named.js")).outputs).to.deep.equal({ name: "made" });
    expect((await run("default.js")).outputs).to.deep.equal({ name: "called" });
    expect((await run("function.cjs")).outputs).to.deep.equal({ name: "called" });
  });

  it("may leave the extensions of its own files out, or name those that a compiler would make", async () => {
    write({
      "index.ts": `import { a } from "./a"; import { b } from "./b"; import { c } from "./c.js"; export const all = a + b + c;`,
      "a.ts": 'export const a = "a";',
      "b/index.ts": 'export { b } from "./deep/b";',
      "b/deep/b.ts": 'export const b = "b";',
      "c.ts": 'export const c = "c";',
    });
    expect((await run("index.ts")).outputs).to.deep.equal({ all: "abc" });
  });

  it("gets the engine's SDK even if it has one of its own, and so do the packages that it has", async () => {
    const other = 'throw new Error("another copy of the SDK");';
    write({
      "index.mjs": `
import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";
import { project } from "@pulumi/mine";
${queue("first")}
export const projects = [pulumi.getProject(), project()];`,
      "node_modules/@pulumi/pulumi/index.js": other,
      "node_modules/@pulumi/pulumi/package.json": '{ "name": "@pulumi/pulumi", "version": "3.0.0" }',
      "node_modules/@pulumi/mine/index.js": 'exports.project = () => require("@pulumi/pulumi").getProject();',
      "node_modules/@pulumi/mine/package.json": '{ "name": "@pulumi/mine" }',
    });
    const { registered, outputs } = await run("index.mjs");
    expect(registered).to.deep.equal(["first"]);
    expect(outputs).to.deep.equal({ projects: ["films", "films"] });
  });

  it("gets its own copy of any other package of Pulumi that it has", async () => {
    write({
      "index.mjs": 'import { copy } from "@pulumi/aws"; export const whose = copy;',
      "node_modules/@pulumi/aws/index.js": 'exports.copy = "its own";',
      "node_modules/@pulumi/aws/package.json": '{ "name": "@pulumi/aws" }',
    });
    expect((await run("index.mjs")).outputs).to.deep.equal({ whose: "its own" });
  });

  it("hears how to mend what Node cannot run", async () => {
    write({
      "enum.ts": "enum Kind { a } export const kind = Kind.a;",
      "package.mjs": 'import "left-out";',
      "package.cjs": 'require("left-out");',
      "azure.mjs": 'import "@pulumi/azure-native";',
      "type.ts": 'import { Name } from "./names"; export const name: Name = "a";',
      "names.ts": "export type Name = string;",
      "dirname.mjs": "export const here = __dirname;",
    });
    expect(await problem("enum.ts")).to.match(
      /^enum\.ts:1: TypeScript enum is not supported in strip-only mode\nNode runs TypeScript by leaving/,
    );
    for (const file of ["package.mjs", "package.cjs"])
      expect(await problem(file)).to.match(
        /Cannot find (package|module) 'left-out'[\s\S]*\nA package must be installed where/,
      );
    expect(await problem("azure.mjs")).to.match(
      /^Cannot find package '@pulumi\/azure-native' imported from .*azure\.mjs/,
    );
    expect(await problem("type.ts")).to.match(/named 'Name'\nIf it is a type, import it as one: `import type/);
    expect(await problem("dirname.mjs")).to.match(
      /^dirname\.mjs:1:\d+: __dirname is not defined in ES module scope[\s\S]*import\.meta\.dirname/,
    );
  });

  it("must be a file that exists", () => {
    mkdirSync(join(root, "folder"));
    expect(() => programFile(root, "none.ts")).to.throw(UserError, /^The program .*none\.ts does not exist\.$/);
    expect(() => programFile(root, "folder")).to.throw(UserError, /^The program .*folder is a folder\. Name the file/);
  });
});
