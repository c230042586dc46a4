import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { kinds } from "../../infra/kinds.ts";
import { runCommand } from "../../terminal/command.ts";
import { readCommandLine, type Usage, usageError } from "../../terminal/usage.ts";
import { UserError } from "../../terminal/user-error.ts";
import { beginnings, tables, withKind } from "./beginnings.ts";

interface Arguments {
  readonly name: string;
  readonly trace: boolean;
  readonly help: boolean;
}

/** The checkout, from wherever the command is called. */
const root = join(import.meta.dirname, "../..");

const usage = {
  command: "npm run new-kind",
  about: "Begins a new kind of destination: writes its files, and adds it to the tables of kinds.",
  operands: {
    NAME: "what `destinations.<name>.kind` will say: 2 to 20 lower-case letters and digits, beginning with a letter",
  },
  options: {},
  notes: "What it writes passes `npm run check`. docs/new-kind.md says what to do next.",
  success: "it is begun",
} as const satisfies Usage;

function parseArguments(argv: readonly string[]): Arguments {
  const { values, names } = readCommandLine(usage, argv);
  const [name = "", ...more] = names;
  if (values.help) return { ...values, name };
  if (name === "" || more.length > 0) throw usageError(`Expected one NAME, not ${names.length}.`, usage);
  if (!/^[a-z][a-z0-9]{1,19}$/.test(name))
    throw usageError(
      `${name}: expected 2 to 20 lower-case letters and digits, beginning with a letter: it names files and constants.`,
      usage,
    );
  if (isTaken(name)) throw usageError(`${name}: no constant can have that name here; expected another one.`, usage);
  return { ...values, name };
}

/** Writes all files or, where something stands in the way, none. */
async function main({ name }: Arguments): Promise<number> {
  if (Object.hasOwn(kinds, name)) throw new UserError(`${name}: there is a kind of that name already.`);
  const files = beginnings(name);
  const inTheWay = Object.keys(files).filter((path) => existsSync(join(root, path)));
  if (inTheWay.length > 0) throw new UserError(`These files are there already: ${inTheWay.join(", ")}`);
  const extended = tables.map((path) => [path, extend(path, name)] as const);
  for (const [path, text] of [...Object.entries(files), ...extended]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const written = [...Object.keys(files), ...tables.map((path) => `${path} (a line)`)];
  process.stdout.write(`Began kind ${name} in\n${written.map((path) => `  ${path}\n`).join("")}
docs/new-kind.md says what to write there. Begin with the test that fails:
  npx mocha --no-config --require test/support/hooks.ts test/handlers/kinds/${name}.test.ts
`);
  return 0;
}

/** The text of a table with the kind in it. */
function extend(path: string, name: string): string {
  const text = withKind(readFileSync(join(root, path), "utf8"), name);
  if (text !== undefined) return text;
  throw new UserError(
    `${path} is not in the form that is known, so nothing was written. Its imports of kinds stand together, and its table has their names alone, as in \`git show HEAD:${path}\`.`,
  );
}

/** Whether the name is a word of JavaScript, or one that the files need themselves. */
function isTaken(name: string): boolean {
  try {
    new Function(`"use strict"; const ${name} = 0;`);
    return ["await", "aws", "kinds", "pulumi", "schema", "z"].includes(name);
  } catch {
    return true;
  }
}

await runCommand({ usage, parse: parseArguments, run: main });
