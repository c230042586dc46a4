import { readCommandLine, type Usage, wholeNumber } from "../../terminal/usage.ts";

export interface Arguments {
  readonly stack: string;
  readonly films: number;
  readonly seed: number;
  readonly keep: boolean;
  readonly json: boolean;
  readonly trace: boolean;
  readonly help: boolean;
}

const dataSetSize = 3201;

export const usage = {
  command: "npm start",
  about: "Runs a stack on this machine, sends it the films of vega-datasets, and verifies every destination.",
  options: {
    stack: { type: "string", value: "NAME", default: "dev", help: "the stack to run, from Pulumi.NAME.yaml" },
    films: {
      type: "string",
      value: "N",
      default: String(dataSetSize),
      help: "how many films to write, 1 to 100000",
    },
    seed: { type: "string", value: "N", default: "1", help: "which of the deterministic workloads to write" },
    keep: { type: "boolean", default: false, help: "leave everything running afterwards, until Ctrl-C" },
    json: { type: "boolean", default: false, help: "print the result as JSON on stdout; progress goes to stderr" },
  },
  success: "every destination holds exactly what it should",
} as const satisfies Usage;

/** Reads the command line; what is wrong with it is a UsageError. */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values } = readCommandLine(usage, argv);
  return {
    ...values,
    films: wholeNumber("--films", values.films, [1, 100_000], usage),
    seed: wholeNumber("--seed", values.seed, [0, 2 ** 32 - 1], usage),
  };
}
