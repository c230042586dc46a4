import { type ParseArgsOptionDescriptor, parseArgs } from "node:util";
import { prose } from "./text.ts";
import { UsageError } from "./user-error.ts";

/** An option, as `parseArgs` reads it and the help shows it. */
export interface Option extends ParseArgsOptionDescriptor {
  /** What its value is called, such as `NAME`; without one it has none. */
  readonly value?: string;
  readonly help: string;
}

/** What a command is given, and what it says about itself. */
export interface Usage<Options extends Readonly<Record<string, Option>> = Readonly<Record<string, Option>>> {
  /** How it is called, such as `npm run soak`. */
  readonly command: string;
  /** What it does. */
  readonly about: string;
  /** What it takes beside options, by its name. @default nothing */
  readonly operands?: Readonly<Record<string, string>>;
  readonly options: Options;
  /** What else there is to know. */
  readonly notes?: string;
  /** What exit code 0 means, as the end of a sentence. */
  readonly success: string;
}

/** What every command has. */
const common = {
  trace: { type: "boolean", default: false, help: "show stack traces of errors" },
  help: { type: "boolean", short: "h", default: false, help: "show this text" },
} as const satisfies Record<string, Option>;

/** Reads a command line; what is wrong with it is a UsageError that says where to find help. */
export function readCommandLine<const Options extends Readonly<Record<string, Option>>>(
  usage: Usage<Options>,
  argv: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
) {
  refuseWhatNpmTook(usage, environment);
  const options = { ...usage.options, ...common };
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options,
      allowPositionals: usage.operands !== undefined,
    });
    return { values, names: positionals };
  } catch (error) {
    throw usageError((error as Error).message, usage);
  }
}

/**
 * Without a lone `--` before them, npm takes options for its own, and tells of them in the environment alone: `npm start --films 5`
 * is run with `npm_config_films` and, if anything, an argument `5`. npm's own options, such as `--dry-run`, are told in the same way.
 * https://docs.npmjs.com/cli/v11/commands/npm-run
 */
function refuseWhatNpmTook(usage: Usage, environment: NodeJS.ProcessEnv): void {
  if (environment.npm_lifecycle_event !== usage.command.split(" ").at(-1)) return;
  const taken = Object.entries({ ...usage.options, ...common }).filter(
    ([name]) => environment[`npm_config_${name.replaceAll("-", "_")}`],
  );
  if (taken.length === 0) return;
  const flags = taken.map(([name]) => `--${name}`).join(", ");
  const example = [usage.command, "--", ...taken.map(([name, option]) => flagOf(name, option))].join(" ");
  throw usageError(`npm took ${flags} for its own: options come after a lone \`--\`, as in \`${example}\`.`, usage);
}

/** What is wrong with a command line, and where to find help. */
export function usageError(message: string, { command }: Pick<Usage, "command">): UsageError {
  return new UsageError(`${message}\nSee \`${command} -- --help\`.`);
}

/** An option's text as a whole number; what is wrong with it is a UsageError. */
export function wholeNumber(
  flag: string,
  text: string,
  [least, most]: readonly [number, number],
  usage: Pick<Usage, "command">,
): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw usageError(`${flag} ${text}: expected a whole number from ${least} to ${most}.`, usage);
}

function flagOf(name: string, { value }: Option): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

/** What `--help` shows, in lines that fit. */
export function helpText({ command, about, operands = {}, options, notes, success }: Usage, width: number): string {
  const all = { ...options, ...common };
  const entries = [
    ...Object.entries(operands),
    ...Object.entries(all).map(([name, option]) => [flagOf(name, option), withDefault(option)] as const),
  ];
  const head = Math.max(...entries.map(([name]) => name.length)) + 4;
  const entry = ([name, text]: readonly [string, string]) =>
    width - head < leastText
      ? `  ${name}\n${prose(`      ${text}`, width)}`
      : prose(pad(name, head, text), width, head - 2);
  return [
    prose(about, width),
    "",
    prose(`Usage: ${[command, "--", ...Object.keys(operands), "[options]"].join(" ")}`, width),
    "",
    ...entries.map(entry),
    "",
    ...(notes === undefined ? [] : [prose(notes, width)]),
    prose(
      `Exits with 0 if ${success}, 1 if not, 2 if the command line is wrong, and 130 if it was interrupted.`,
      width,
    ),
    "",
  ].join("\n");
}

/** Fewer columns than these are too few for what stands beside an option. */
const leastText = 30;

/** A name and its text, as one text whose first word is as long as all names: only what follows is broken. */
function pad(name: string, head: number, text: string): string {
  return `  ${name.padEnd(head - 2)}${text}`;
}

function withDefault({ help, default: value }: Option): string {
  return typeof value === "string" ? `${help} [${value}]` : help;
}
