import { commandLine, wholeNumber } from "../../terminal/command.ts";

export interface Arguments {
  readonly changes: number;
  readonly seed: number;
  readonly trace: boolean;
  readonly help: boolean;
}

const helpCommand = "npm run soak -- --help";

export const help = `Sends changes through a destination of each kind while calls, invocations and loads fail, and verifies every one.

Usage: npm run soak -- [options]

  --changes N   how many changes to make, 1 to 100000000   [200000]
  --seed N      which writes and faults                    [1]
  --trace       show stack traces of errors
  --help        show this text

200,000 changes take about five minutes. Exits 0 only if nothing was lost or out of order, and memory stayed bounded.
`;

/** Reads the command line; what is wrong with it is a UserError. */
export function parseArguments(argv: readonly string[]): Arguments {
  const { changes, seed, ...values } = commandLine(
    argv,
    {
      changes: { type: "string", default: "200000" },
      seed: { type: "string", default: "1" },
      trace: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
    helpCommand,
  );
  return {
    ...values,
    changes: wholeNumber("--changes", changes, [1, 100_000_000], helpCommand),
    seed: wholeNumber("--seed", seed, [0, 2 ** 32 - 1], helpCommand),
  };
}
