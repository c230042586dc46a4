import { readCommandLine, type Usage, wholeNumber } from "../../terminal/usage.ts";

export interface Arguments {
  readonly changes: number;
  readonly seed: number;
  readonly trace: boolean;
  readonly help: boolean;
}

export const usage = {
  command: "npm run soak",
  about:
    "Sends changes through a destination of each kind while calls, invocations and loads fail, and verifies every one.",
  options: {
    changes: { type: "string", value: "N", default: "200000", help: "how many changes to make, 1 to 100000000" },
    seed: { type: "string", value: "N", default: "1", help: "which writes and faults" },
  },
  notes: "200,000 changes take about five minutes.",
  success: "nothing was lost or out of order, and memory stayed bounded",
} as const satisfies Usage;

/** Reads the command line; what is wrong with it is a UsageError. */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values } = readCommandLine(usage, argv);
  return {
    ...values,
    changes: wholeNumber("--changes", values.changes, [1, 100_000_000], usage),
    seed: wholeNumber("--seed", values.seed, [0, 2 ** 32 - 1], usage),
  };
}
