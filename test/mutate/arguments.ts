import { readCommandLine, type Usage, usageError, wholeNumber } from "../../terminal/usage.ts";
import { subjectFiles } from "./test-files.ts";

export interface Arguments {
  readonly files: readonly string[];
  readonly jobs: number;
  readonly json: boolean;
  readonly trace: boolean;
  readonly help: boolean;
}

export const usage = {
  command: "npm run mutate",
  about:
    "Makes small mistakes in what runs in Lambda and in what the mapping decides, and shows those that no test sees.",
  operands: { "[FILE ...]": "files or folders of handlers/ or of the mapping's decisions; without any, all of them" },
  options: {
    jobs: { type: "string", value: "N", default: "2", help: "how many processes test at a time, 1 to 64" },
    json: { type: "boolean", default: false, help: "the result as JSON" },
  },
  notes: "All of them take an hour or so. No file is written: a mistake only exists in the process that tests it.",
  success: "tests see at least 90 % of the mistakes",
} as const satisfies Usage;

/** Reads the command line; what is wrong with it is a UsageError. */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values, names } = readCommandLine(usage, argv);
  return { ...values, jobs: wholeNumber("--jobs", values.jobs, [1, 64], usage), files: filesOf(names) };
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
    throw usageError(`${nothing.name}: no file of handlers/ or of the mapping's decisions.`, usage);
  return [...new Set(chosen.flatMap(({ files }) => files))];
}
