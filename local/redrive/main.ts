import { Interrupted, interruptedExit, interruption } from "../demo/interruption.ts";
import { progressOn } from "../demo/progress.ts";
import { UserError } from "../user-error.ts";
import { type Arguments, help, parseArguments } from "./arguments.ts";
import { deployed } from "./deployed.ts";
import { redrive } from "./redrive.ts";
import { report } from "./report.ts";
import { nothingLeft } from "./result.ts";
import { running } from "./running.ts";

/** Redrives a stack; the exit code is 0 only if nothing is left in its failure queues. */
async function main(options: Arguments, signal: AbortSignal): Promise<number> {
  const target = options.local ? running(options.stack) : await deployed(options.stack);
  process.stderr.write(`${options.dryRun ? "Looking at" : "Redriving"} ${target.title}\n`);
  try {
    const result = await redrive(target, { ...options, signal }, progressOn(process.stderr));
    process.stdout.write(`${options.json ? JSON.stringify(result, null, 2) : `\n${report(result)}`}\n`);
    return nothingLeft(result) ? 0 : 1;
  } finally {
    const { sqs, streams, lambda } = target.clients;
    for (const client of [sqs, streams, lambda]) client.destroy();
  }
}

/** What went wrong, for a person: the message alone, unless the stack trace was asked for or is all there is. */
function explain(error: unknown, trace: boolean): string {
  if (!(error instanceof Error)) return String(error);
  if (trace) return error.stack ?? error.message;
  return error instanceof UserError
    ? error.message
    : `${error.name}: ${error.message}\nRun again with --trace for the stack trace.`;
}

const interrupt = interruption(process);
interrupt.addEventListener("abort", () => process.stderr.write("\nStopping ...\n"));
let trace = false;
try {
  const options = parseArguments(process.argv.slice(2));
  trace = options.trace;
  if (options.help) process.stdout.write(help);
  else process.exitCode = await main(options, interrupt);
} catch (error) {
  process.exitCode = error instanceof Interrupted ? interruptedExit : 1;
  process.stderr.write(`\n${error instanceof Interrupted ? error.message : explain(error, trace)}\n`);
}
