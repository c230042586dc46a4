import { runCommand } from "../../terminal/command.ts";
import { jsonResult, unitsBelow } from "../../terminal/json.ts";
import { progressOn } from "../../terminal/progress.ts";
import { columnsOf } from "../../terminal/text.ts";
import { deployed } from "../stack/deployed.ts";
import { running } from "../stack/running.ts";
import { type Arguments, parseArguments, usage } from "./arguments.ts";
import { redrive } from "./redrive.ts";
import { report } from "./report.ts";
import { consumerUnits, isDone } from "./result.ts";

/** Redrives a stack; the exit code is 0 only if nothing is left in its failure queues, or all is discarded that was to be. */
async function main(options: Arguments, signal: AbortSignal): Promise<number> {
  const target = options.local ? running(options.stack) : await deployed(options.stack);
  process.stderr.write(
    `${options.dryRun ? "Looking at" : options.discard.length > 0 ? "Discarding messages of" : "Redriving"} ${target.title}\n`,
  );
  try {
    const result = await redrive(target, { ...options, signal }, progressOn(process.stderr));
    const ok = isDone(result);
    const text = options.json
      ? jsonResult(ok, unitsBelow("consumers", consumerUnits), result)
      : `\n${report(result, columnsOf(process.stdout))}`;
    process.stdout.write(`${text}\n`);
    return ok ? 0 : 1;
  } finally {
    const { sqs, streams, lambda } = target.clients;
    for (const client of [sqs, streams, lambda]) client.destroy();
  }
}

await runCommand({ usage, parse: parseArguments, run: main });
