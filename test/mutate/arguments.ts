import { commandLineWithNames, usageError, wholeNumber } from "../../terminal/command.ts";
import { subjectFiles } from "./test-files.ts";

export interface Arguments {
  readonly files: readonly string[];
  readonly jobs: number;
  readonly json: boolean;
  readonly trace: boolean;
  readonly help: boolean;
}

const helpCommand = "npm run mutate -- --help";

export const help = `Makes small mistakes in what runs in Lambda and in what the mapping decides, and shows those that no test sees.

Usage: npm run mutate -- [options] [file or folder ...]

  --jobs N   how many processes test at a time, 1 to 64   [2]
  --json     the result as JSON
  --trace    show stack traces of errors
  --help     show this text

Without names it takes all of them, and an hour or so. No file is written: a mistake only exists in the process that tests
it. Exits 0 only if tests see at least 90 % of the mistakes.
`;

/** Reads the command line; what is wrong with it is a UserError. */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values, names } = commandLineWithNames(
    argv,
    {
      jobs: { type: "string", default: "2" },
      json: { type: "boolean", default: false },
      trace: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
    helpCommand,
  );
  return { ...values, jobs: wholeNumber("--jobs", values.jobs, [1, 64], helpCommand), files: filesOf(names) };
}

function filesOf(names: readonly string[]): readonly string[] {
  const all = subjectFiles();
  if (names.length === 0) return all;
  const chosen = names.map((name) => {
    const path = name.replace(/^\.\//, "").replace(/\/$/, "");
    return { name, files: all.filter((file) => file === path || file.startsWith(`${path}/`)) };
  });
  const nothing = chosen.find(({ files }) => files.length === 0);
  if (nothing !== undefined)
    throw usageError(`${nothing.name}: no file of handlers/ or of the mapping's decisions.`, helpCommand);
  return [...new Set(chosen.flatMap(({ files }) => files))];
}
