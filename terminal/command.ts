import { setImmediate } from "node:timers/promises";
import { Interrupted, interruptedExit, interruption } from "./interruption.ts";
import { columnsOf } from "./text.ts";
import { helpText, type Usage } from "./usage.ts";
import { UsageError, UserError } from "./user-error.ts";

/** A command of this project's, as `runCommand` runs it. */
export interface Command<Options extends { readonly trace: boolean; readonly help: boolean; readonly json?: boolean }> {
  readonly usage: Usage;
  /** Reads the command line; what is wrong with it is a UsageError. */
  parse(argv: readonly string[]): Options;
  /** Does the work, and says the exit code. The signal aborts when somebody presses Ctrl-C. */
  run(options: Options, signal: AbortSignal): Promise<number>;
}

/** The exit code for a command line that is wrong, as shells have it. */
const usageExit = 2;

/**
 * Runs a command in this process, and sets its exit code: what `run` says; 1 if it fails, with the reason on stderr; 2 if the
 * command line is wrong; 130 if it is interrupted before `run` takes that for its regular end. With `--json` the reason is on
 * stdout too.
 */
export async function runCommand<
  Options extends { readonly trace: boolean; readonly help: boolean; readonly json?: boolean },
>(command: Command<Options>): Promise<void> {
  const signal = interruption(process);
  signal.addEventListener("abort", () => process.stderr.write("\nStopping ...\n"));
  let options: Options | undefined;
  try {
    options = command.parse(process.argv.slice(2));
    if (options.help) process.stdout.write(helpText(command.usage, columnsOf(process.stdout)));
    else process.exitCode = await command.run(options, signal);
  } catch (failure) {
    const error = signal.aborted || !(await abortsNow(signal)) ? failure : signal.reason;
    process.exitCode = error instanceof Interrupted ? interruptedExit : error instanceof UsageError ? usageExit : 1;
    const reason = error instanceof Interrupted ? error.message : explain(error, options?.trace ?? false);
    process.stderr.write(`\n${reason}\n`);
    if (options?.json ?? asksForJson(command.usage))
      process.stdout.write(`${JSON.stringify({ ok: false, error: reason })}\n`);
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

/** Whether a command line that could not be read asks for JSON, as far as can be seen. */
function asksForJson({ options }: Usage): boolean {
  return "json" in options && process.argv.includes("--json");
}

/** What went wrong, for a person: the message alone, unless the stack trace was asked for or is all there is. */
function explain(error: unknown, trace: boolean): string {
  if (!(error instanceof Error)) return String(error);
  if (trace) return error.stack ?? error.message;
  if (error instanceof UserError) return error.message;
  const name = "$fault" in error ? `${error.name}: ` : ""; // an AWS service says by it what is wrong
  return `${name}${error.message}\nRun again with --trace for the stack trace.`;
}
