import { commandLine, usageError } from "../../terminal/command.ts";

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

export const help = `Brings back what lies in a stack's failure queues: reads the real records from the stream and sends them through the
same functions.

Usage: npm run redrive -- --stack NAME [options]

  --stack NAME         the stack, as \`pulumi stack output\` finds it
  --local              the stack that runs on this machine (\`npm start -- --keep\`, \`npm run local\`), not the deployed one
  --destination NAME   only this destination, and those that share its consumer       [all]
  --dry-run            read everything, send nothing, delete nothing
  --discard ID         delete the message of this id without bringing it back; may be given several times
  --json               print the result as JSON on stdout; progress goes to stderr
  --trace              show stack traces of errors
  --help               show this text

A message is deleted once all of its records have been delivered; every other one stays in the queue. Exits 0 only if nothing is left.
`;

const helpCommand = "npm run redrive -- --help";

/** Reads the command line; what is wrong with it is a UserError. */
export function parseArguments(argv: readonly string[]): Arguments {
  const { stack, destination, "dry-run": dryRun, ...values } = parse(argv);
  if (stack === undefined && !values.help) throw usageError("--stack is missing: which stack?", helpCommand);
  return { ...values, stack: stack ?? "", dryRun, ...(destination === undefined ? {} : { destination }) };
}

function parse(argv: readonly string[]) {
  return commandLine(
    argv,
    {
      stack: { type: "string" },
      local: { type: "boolean", default: false },
      destination: { type: "string" },
      discard: { type: "string", multiple: true, default: [] },
      "dry-run": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      trace: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
    helpCommand,
  );
}
