import { commandLine, usageError } from "../../terminal/command.ts";

/** What `npm run local` is asked to do. */
export interface Arguments {
  readonly program: string;
  readonly stack: string;
  readonly config: Readonly<Record<string, string>>;
  /** How many times as fast as on AWS everything passes that only waits. */
  readonly speed: number;
  readonly json: boolean;
  readonly trace: boolean;
  readonly help: boolean;
}

const helpCommand = "npm run local -- --help";

export const help = `Runs a Pulumi program on this machine, and keeps it running until Ctrl-C.

Usage: npm run local -- [options]

  --program FILE      the program; its project is the folder above with Pulumi.yaml   [index.ts]
  --stack NAME        the stack to run, from Pulumi.NAME.yaml                         [dev]
  --config KEY=VALUE  a value that takes precedence over the files; may be repeated
  --speed N           buffers, batching windows and pauses pass N times as fast       [1]
  --json              print one line of JSON on stdout when it is up; all else goes to stderr
  --trace             show stack traces of errors
  --help              show this text

Exits with 0 when it was up and was ended by Ctrl-C, 1 when something failed, 130 when it was interrupted earlier.
`;

/** Reads the command line; what is wrong with it is a UserError. */
export function parseArguments(argv: readonly string[]): Arguments {
  const values = commandLine(
    argv,
    {
      program: { type: "string", default: "index.ts" },
      stack: { type: "string", default: "dev" },
      config: { type: "string", multiple: true, default: [] },
      speed: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
      trace: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
    helpCommand,
  );
  const { program, stack, json, trace, help } = values;
  return { program, stack, config: settings(values.config), speed: factor(values.speed), json, trace, help };
}

function settings(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (key === undefined || value === undefined)
        throw usageError(`--config ${text}: expected KEY=VALUE.`, helpCommand);
      return [key, value];
    }),
  );
}

function factor(text: string): number {
  const speed = /^\d{1,6}(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (speed > 0) return speed;
  throw usageError(`--speed ${text}: expected a number greater than 0.`, helpCommand);
}
