import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { mistakesOfStacks } from "./support/own-stacks.ts";
import { stacks } from "./support/stacks.ts";

describe("the stack files at the top level, which are the users' own", () => {
  it("have no mistakes", async () => {
    const mistakes = await mistakesOfStacks(join(import.meta.dirname, ".."));
    for (const [file, lines] of mistakes) expect(lines, `${file}:\n${lines.join("\n")}`).to.deep.equal([]);
  });

  it("are read by no other test: what is brought up has a project of its own", () => {
    const sources = globSync("**/*.ts", { cwd: import.meta.dirname }).map((file) => {
      return { file, text: readFileSync(join(import.meta.dirname, file), "utf8") };
    });
    const bringing = sources.filter(({ text }) =>
      /import \{[^}]*\bup\b[^}]*\} from "[./]+local\/engine\/engine.ts"/.test(text),
    );
    expect(bringing.length).to.be.greaterThan(5);
    const without = bringing.filter(({ text }) => /(?<!\.)\bup\(\{(?!\s*(\.\.\.|root\b))/.test(text));
    expect(without.map(({ file }) => file)).to.deep.equal([]);
  });
});

describe("the test of the users' stack files", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "own-stacks-"));
    cpSync(stacks.root, root, { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const edit = (file: string, change: (text: string) => string) =>
    writeFileSync(join(root, file), change(readFileSync(join(root, file), "utf8")));
  const mistakes = async () => Object.fromEntries(await mistakesOfStacks(root));
  const none = { "Pulumi.dev.yaml": [], "Pulumi.prod.yaml": [] };

  const valid: readonly (readonly [what: string, edits: () => void])[] = [
    ["files as they come", () => {}],
    ["a project of another name", () => edit("Pulumi.yaml", (text) => text.replace("dynamodb-fanout", "orders"))],
    [
      "a project that has the settings' name",
      () => edit("Pulumi.yaml", (text) => text.replace(/^name:.*/m, "name: fanout")),
    ],
    [
      "what `pulumi config set` writes",
      () =>
        edit("Pulumi.dev.yaml", (text) => `${text.replace("Shard: 3", 'Shard: "3"')}  dynamodb-fanout:colour: red\n`),
    ],
    [
      "what `pulumi stack init` adds",
      () => edit("Pulumi.dev.yaml", (text) => `${text}encryptionsalt: v1:abc=:v1:def=\n`),
    ],
    [
      "settings that still stand under the project's name",
      () => edit("Pulumi.dev.yaml", (text) => text.replaceAll("fanout:", "").replace("maxR", "dynamodb-fanout:maxR")),
    ],
    [
      "a declared key of the project's own",
      () =>
        edit("Pulumi.yaml", (text) => `${text}  colour: { type: string, default: red }\n  size: { type: integer }\n`),
    ],
    [
      "an encrypted value that is no setting",
      () => edit("Pulumi.dev.yaml", (text) => `${text}  aws:secretKey: { secure: AAAB }\n`),
    ],
    [
      "tables that exist",
      () =>
        edit("Pulumi.dev.yaml", (text) =>
          text
            .replace(/hashKey: .*\n.*ttlAttribute: .*/, "existing: { tableName: orders }")
            .replace("pointInTimeRecovery: false", "existing: { tableName: copy }"),
        ),
    ],
  ];
  for (const [what, edits] of valid) {
    it(`takes ${what}`, async () => {
      edits();
      expect(await mistakes()).to.deep.equal(none);
    });
  }

  it("leaves out a file that says too little to be judged", async () => {
    writeFileSync(join(root, "Pulumi.empty.yaml"), "");
    writeFileSync(join(root, "Pulumi.new.yaml"), "encryptionsalt: v1:abc\nconfig:\n  aws:region: eu-west-1\n");
    const secret =
      "config:\n  fanout:source: {}\n  fanout:destinations: { a: { kind: sqs, queueArn: { secure: AAAB } } }\n";
    writeFileSync(join(root, "Pulumi.secret.yaml"), secret);
    writeFileSync(join(root, "Pulumi.esc.yaml"), "environment: [team/fanout]\nconfig:\n  fanout:source: {}\n");
    expect(await mistakes()).to.deep.equal(none);
  });

  it("shows each mistake, of every file", async () => {
    edit("Pulumi.dev.yaml", (text) =>
      text.replace("type: S", "type: string").replace("batchSize: 1000", "batchSize: 0"),
    );
    edit("Pulumi.prod.yaml", (text) => text.replace("kind: sqs", "kind: sqss"));
    const found = await mistakes();
    expect(Object.keys(found)).to.deep.equal(["Pulumi.dev.yaml", "Pulumi.prod.yaml"]);
    expect(found["Pulumi.dev.yaml"]).to.deep.equal([
      'source.hashKey.type: "string" is not allowed; expected one of S, N, B',
      "destinations.warehouse.mapping.batchSize: 0 is not allowed; expected a whole number from 1 to 10000",
    ]);
    expect(found["Pulumi.prod.yaml"]).to.have.lengthOf(1);
  });
});
