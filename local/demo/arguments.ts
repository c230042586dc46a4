import { commandLine, wholeNumber } from "../../terminal/command.ts";

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
const helpCommand = "npm start -- --help";

export const help = `Runs a stack on this machine, sends it the films of vega-datasets, and verifies every destination.

Usage: npm start -- [options]

  --stack NAME   the stack to run, from Pulumi.NAME.yaml                     [dev]
  --films N      how many films to write, 1 to 100000                        [${dataSetSize}]
  --seed N       which of the deterministic workloads to write               [1]
  --keep         leave everything running afterwards, until Ctrl-C
  --json         print the result as JSON on stdout; progress goes to stderr
  --trace        show stack traces of errors
  --help         show this text

Exits 0 only if every destination holds exactly what it should.
`;

/** Reads the command line; what is wrong with it is a UserError. */
export function parseArguments(argv: readonly string[]): Arguments {
  const values = parse(argv);
  return {
    stack: values.stack,
    films: wholeNumber("--films", values.films, [1, 100_000], helpCommand),
    seed: wholeNumber("--seed", values.seed, [0, 2 ** 32 - 1], helpCommand),
    keep: values.keep,
    json: values.json,
    trace: values.trace,
    help: values.help,
  };
}

function parse(argv: readonly string[]) {
  return commandLine(
    argv,
    {
      stack: { type: "string", default: "dev" },
      films: { type: "string", default: String(dataSetSize) },
      seed: { type: "string", default: "1" },
      keep: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      trace: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
    helpCommand,
  );
}
