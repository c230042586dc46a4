import { setImmediate } from "node:timers/promises";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { Interrupted, interruptedExit, interruption } from "./interruption.ts";
import { UserError } from "./user-error.ts";

/** A command of this project's, as `runCommand` runs it. */
export interface Command<Options extends { readonly trace: boolean; readonly help: boolean }> {
  /** What `--help` shows. */
  readonly help: string;
  /** Reads the command line; what is wrong with it is a UserError. */
  parse(argv: readonly string[]): Options;
  /** Does the work, and says the exit code. The signal aborts when somebody presses Ctrl-C. */
  run(options: Options, signal: AbortSignal): Promise<number>;
}

/**
 * Runs a command in this process, and sets its exit code: what `run` says; 1 if it fails, with the reason on stderr; 130 if it
 * is interrupted before `run` takes that for its regular end.
 */
export async function runCommand<Options extends { readonly trace: boolean; readonly help: boolean }>(
  command: Command<Options>,
): Promise<void> {
  const signal = interruption(process);
  signal.addEventListener("abort", () => process.stderr.write("\nStopping ...\n"));
  let trace = false;
  try {
    const options = command.parse(process.argv.slice(2));
    trace = options.trace;
    if (options.help) process.stdout.write(command.help);
    else process.exitCode = await command.run(options, signal);
  } catch (failure) {
    const error = signal.aborted || !(await abortsNow(signal)) ? failure : signal.reason;
    process.exitCode = error instanceof Interrupted ? interruptedExit : 1;
    process.stderr.write(`\n${error instanceof Interrupted ? error.message : explain(error, trace)}\n`);
  }
}

/**
 * Whether a signal is about to arrive. Ctrl-C in a terminal also ends the children that a command works with, and what fails
 * because of that may be known first: Node hears of signals after everything else that it polls.
 */
async function abortsNow(signal: AbortSignal): Promise<boolean> {
  await setImmediate();
  await setImmediate(); // between the two lies a whole turn of the event loop
  return signal.aborted;
}

/** What went wrong, for a person: the message alone, unless the stack trace was asked for or is all there is. */
function explain(error: unknown, trace: boolean): string {
  if (!(error instanceof Error)) return String(error);
  if (trace) return error.stack ?? error.message;
  if (error instanceof UserError) return error.message;
  const name = "$fault" in error ? `${error.name}: ` : ""; // an AWS service says by it what is wrong
  return `${name}${error.message}\nRun again with --trace for the stack trace.`;
}

/** Reads a command line that has options only; what is wrong with it is a UserError that says where to find help. */
export function commandLine<const Options extends NonNullable<ParseArgsConfig["options"]>>(
  argv: readonly string[],
  options: Options,
  helpCommand: string,
) {
  return orUsageError(() => parseArgs({ args: [...argv], options }).values, helpCommand);
}

/** The same of one that has names beside its options: answers with both. */
export function commandLineWithNames<const Options extends NonNullable<ParseArgsConfig["options"]>>(
  argv: readonly string[],
  options: Options,
  helpCommand: string,
) {
  const { values, positionals } = orUsageError(
    () => parseArgs({ args: [...argv], options, allowPositionals: true }),
    helpCommand,
  );
  return { values, names: positionals };
}

function orUsageError<T>(read: () => T, helpCommand: string): T {
  try {
    return read();
  } catch (error) {
    throw usageError((error as Error).message, helpCommand);
  }
}

/** What is wrong with a command line, and where to find help. */
export function usageError(message: string, helpCommand: string): UserError {
  return new UserError(`${message}\nSee \`${helpCommand}\`.`);
}

/** An option's text as a whole number; what is wrong with it is a UserError. */
export function wholeNumber(flag: string, text: string, [least, most]: readonly [number, number], helpCommand: string) {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw usageError(`${flag} ${text}: expected a whole number from ${least} to ${most}.`, helpCommand);
}
