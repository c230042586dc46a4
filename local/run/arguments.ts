import { readCommandLine, type Usage, usageError } from "../../terminal/usage.ts";

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

export const usage = {
  command: "npm run local",
  about: "Runs a Pulumi program on this machine, and keeps it running until Ctrl-C.",
  options: {
    program: {
      type: "string",
      value: "FILE",
      default: "index.ts",
      help: "the program; its project is the folder above with Pulumi.yaml",
    },
    stack: { type: "string", value: "NAME", default: "dev", help: "the stack to run, from Pulumi.NAME.yaml" },
    config: {
      type: "string",
      value: "KEY=VALUE",
      multiple: true,
      default: [],
      help: "a value that takes precedence over the files; may be repeated",
    },
    speed: {
      type: "string",
      value: "N",
      default: "1",
      help: "buffers, batching windows and pauses pass N times as fast",
    },
    json: {
      type: "boolean",
      default: false,
      help: "print one line of JSON on stdout when it is up, or when it fails; all else goes to stderr",
    },
  },
  success: "it was up and was ended by Ctrl-C",
} as const satisfies Usage;

/** Reads the command line; what is wrong with it is a UsageError. */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values } = readCommandLine(usage, argv);
  return { ...values, config: settings(values.config), speed: factor(values.speed) };
}

function settings(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (key === undefined || value === undefined) throw usageError(`--config ${text}: expected KEY=VALUE.`, usage);
      return [key, value];
    }),
  );
}

function factor(text: string): number {
  const speed = /^\d{1,6}(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (speed > 0) return speed;
  throw usageError(`--speed ${text}: expected a number greater than 0.`, usage);
}
