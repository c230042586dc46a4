import { readCommandLine, type Usage, usageError } from "../../terminal/usage.ts";

export interface Arguments {
  readonly stack: string;
  readonly local: boolean;
  readonly destination?: string;
  readonly discard: readonly string[];
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly trace: boolean;
  readonly help: boolean;
}

export const usage = {
  command: "npm run redrive",
  about:
    "Brings back what lies in a stack's failure queues: reads the real records from the stream and sends them through the same functions.",
  options: {
    stack: { type: "string", value: "NAME", help: "the stack, as `pulumi stack output` finds it; it must be given" },
    local: {
      type: "boolean",
      default: false,
      help: "the stack that runs on this machine (`npm start -- --keep`, `npm run local`), not the deployed one",
    },
    destination: {
      type: "string",
      value: "NAME",
      help: "only this destination, and those that share its consumer, instead of all",
    },
    "dry-run": { type: "boolean", default: false, help: "read everything, send nothing, delete nothing" },
    discard: {
      type: "string",
      value: "ID",
      multiple: true,
      default: [],
      help: "delete the message of this id without bringing it back, and leave all others alone; may be given several times",
    },
    json: {
      type: "boolean",
      default: false,
      help: "print the result as JSON on stdout; progress goes to stderr",
    },
  },
  notes: "A message is deleted once all of its records have been delivered; every other one stays in the queue.",
  success: "nothing is left, or, with --discard, if every message that it names was there",
} as const satisfies Usage;

/** Reads the command line; what is wrong with it is a UsageError. */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values } = readCommandLine(usage, argv);
  const { stack, destination, "dry-run": dryRun, discard, ...others } = values;
  if (stack === undefined && !others.help) throw usageError("--stack is missing: which stack?", usage);
  return {
    ...{ ...others, stack: stack ?? "", dryRun, discard: [...new Set(discard)] },
    ...(destination === undefined ? {} : { destination }),
  };
}
