import { runCommand } from "../../terminal/command.ts";
import { progressOn } from "../../terminal/progress.ts";
import { deployed } from "../stack/deployed.ts";
import { running } from "../stack/running.ts";
import { type Arguments, help, parseArguments } from "./arguments.ts";
import { redrive } from "./redrive.ts";
import { report } from "./report.ts";
import { nothingLeft } from "./result.ts";

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

await runCommand({ help, parse: parseArguments, run: main });
