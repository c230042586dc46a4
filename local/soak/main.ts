import { runCommand } from "../../terminal/command.ts";
import { progressOn } from "../../terminal/progress.ts";
import { columnsOf } from "../../terminal/text.ts";
import { type Arguments, parseArguments, usage } from "./arguments.ts";
import { report } from "./report.ts";
import { soak } from "./soak.ts";

/** Soaks; the exit code is 0 only if everything is as it should be. */
async function main({ changes, seed }: Arguments, signal: AbortSignal): Promise<number> {
  const soaked = await progressOn(process.stderr).step("Soaking", (update) =>
    soak({
      changes,
      seed,
      signal,
      onRound: (round) =>
        update(`${round.changes.toLocaleString("en")} changes, ${Math.round(round.memory / 1024 / 1024)} MiB`),
    }),
  );
  process.stdout.write(`\n${report(soaked, columnsOf(process.stdout))}\n`);
  return soaked.problems.length === 0 ? 0 : 1;
}

await runCommand({ usage, parse: parseArguments, run: main });
