import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { withKind } from "../../../local/new-kind/beginnings.ts";
import { Checkout } from "../../support/checkout.ts";

describe("local/new-kind/main.ts", () => {
  let checkout: Checkout;
  beforeEach(() => {
    checkout = new Checkout(["package.json", "infra", "operate", "local/new-kind", "local/kinds.ts", "terminal"]);
  });
  afterEach(() => checkout[Symbol.dispose]());

  /** The files that are other than they were. */
  const changedSince = (before: ReadonlyMap<string, string>) =>
    [...checkout.files()].filter(([path, text]) => before.get(path) !== text).map(([path]) => path);

  const newKind = (...args: string[]) =>
    new Promise<{ code: unknown; stderr: string }>((resolve) => {
      const command = ["local/new-kind/main.ts", ...args];
      execFile(process.execPath, command, { cwd: checkout.folder }, (error, _, stderr) =>
        resolve({ code: error?.code ?? 0, stderr: stderr.trim() }),
      );
    });

  const mistakes: readonly (readonly [what: string, args: readonly string[], message: RegExp, exit?: number])[] = [
    ["no name", [], /^Expected one NAME, not 0\.\nSee `npm run new-kind -- --help`\.$/],
    ["two names", ["one", "two"], /^Expected one NAME, not 2\.\nSee `npm run/],
    ["an option that does not exist", ["--name", "x"], /^Unknown option '--name'.*See `npm run/s],
    ["a name that no constant can have", ["my-kind"], /^my-kind: expected 2 to 20 lower-case letters and digits, /],
    ["a kind that is there", ["sqs"], /^sqs: there is a kind of that name already\.$/, 1],
    [
      "a word of JavaScript",
      ["delete"],
      /^delete: no constant can have that name here; expected another one\.\nSee `npm run/,
    ],
    ["a name that the files need", ["schema"], /^schema: no constant can have that name here; /],
  ];
  for (const [what, args, message, exit = 2] of mistakes)
    it(`writes nothing for ${what}`, async () => {
      const before = checkout.files();
      const { code, stderr } = await newKind(...args);
      expect(stderr).to.match(message);
      expect(code).to.equal(exit);
      expect(changedSince(before)).to.deep.equal([]);
    });

  for (const [what, table] of [
    [
      "an import between comments",
      'import { sqs } from "./kinds/sqs.ts";\n// old\nimport { replica } from "./kinds/replica.ts";\nexport const kinds = { sqs, replica } satisfies T;',
    ],
    [
      "an entry that is more than a name",
      'import { sqs } from "./kinds/sqs.ts";\nexport const kinds = { sqs: { ...sqs } } satisfies T;',
    ],
    [
      "a comment in the table",
      'import { sqs } from "./kinds/sqs.ts";\nexport const kinds = {\n  sqs, // old\n} satisfies T;',
    ],
    ["no table", 'import { sqs } from "./kinds/sqs.ts";\nexport const kinds = { sqs } as const;'],
  ] as const)
    it(`writes nothing where a table has ${what}`, async () => {
      writeFileSync(join(checkout.folder, "local/kinds.ts"), table);
      const before = checkout.files();
      const { code, stderr } = await newKind("shoebox");
      expect(code).to.equal(1);
      expect(stderr).to.match(/^local\/kinds\.ts is not in the form that is known, so nothing was written\./);
      expect(changedSince(before)).to.deep.equal([]);
    });

  it("writes nothing where a file of the kind is there already", async () => {
    writeFileSync(join(checkout.folder, "operate/kinds/shoebox.ts"), "");
    const before = checkout.files();
    const { code, stderr } = await newKind("shoebox");
    expect({ code, stderr }).to.deep.equal({
      code: 1,
      stderr: "These files are there already: operate/kinds/shoebox.ts",
    });
    expect(changedSince(before)).to.deep.equal([]);
  });

  it("takes a name that every object has for what it is", async () => {
    const { code, stderr } = await newKind("constructor");
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
  });
});

describe("a table of kinds", () => {
  const table = (names: string, ...kinds: readonly string[]) =>
    [...kinds.map((kind) => `import { ${kind} } from "./kinds/${kind}.ts";`), `\nexport const kinds = ${names}\n`].join(
      "\n",
    );

  it("gets the kind as its last one, and the import where it is sorted", () => {
    expect(
      withKind(table("{ redshift, sqs } satisfies Record<KindName, Kind>;", "redshift", "sqs"), "shoebox"),
    ).to.equal(table("{ redshift, sqs, shoebox } satisfies Record<KindName, Kind>;", "redshift", "shoebox", "sqs"));
  });

  it("has a line for each kind where they do not fit one, or had lines before", () => {
    const long = Array.from({ length: 6 }, (_, i) => `averylongnameofakin${i}`);
    const lines = (kinds: readonly string[]) => `{\n${kinds.map((kind) => `  ${kind},\n`).join("")}} satisfies Kinds;`;
    expect(withKind(table(`{ ${long.join(", ")} } satisfies Kinds;`, ...long), "b")).to.equal(
      table(lines([...long, "b"]), ...long, "b"),
    );
    expect(withKind(table(lines(["a"]), "a"), "b")).to.equal(table(lines(["a", "b"]), "a", "b"));
  });
});
