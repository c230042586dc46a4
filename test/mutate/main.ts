import { runCommand } from "../../terminal/command.ts";
import { jsonResult } from "../../terminal/json.ts";
import { progressOn } from "../../terminal/progress.ts";
import { columnsOf } from "../../terminal/text.ts";
import { startCommon, stopCommon } from "../support/common.ts";
import { type Arguments, parseArguments, usage } from "./arguments.ts";
import { type FileResult, mutateFile } from "./mutate-file.ts";
import { asJson, leastShare, report, resultUnits, shareOf } from "./report.ts";

/** Mutates; the exit code is 0 only if tests see enough. */
async function main({ files, jobs, json }: Arguments, signal: AbortSignal): Promise<number> {
  const progress = progressOn(process.stderr);
  const results: FileResult[] = [];
  await startCommon(); // tests of tables ask for DynamoDB Local there
  try {
    for (const file of files) {
      const result = await progress.step(file, (update) =>
        mutateFile(file, {
          jobs,
          signal,
          onProgress: (done, all, survivors) => update(`${done} of ${all}, ${survivors} survived`),
        }),
      );
      results.push(result);
    }
  } finally {
    await stopCommon();
  }
  const ok = shareOf(results) >= leastShare;
  const text = json ? jsonResult(ok, resultUnits, asJson(results)) : `\n${report(results, columnsOf(process.stdout))}`;
  process.stdout.write(`${text}\n`);
  return ok ? 0 : 1;
}

await runCommand({ usage, parse: parseArguments, run: main });
