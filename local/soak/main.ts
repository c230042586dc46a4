import { parseArgs } from "node:util";
import { interruptedExit, interruption } from "../demo/interruption.ts";
import { progressOn } from "../demo/progress.ts";
import { report } from "./report.ts";
import { soak } from "./soak.ts";

const help = `Sends changes through all three kinds of destination while calls, invocations and loads fail, and verifies every one.

Usage: npm run soak -- [options]

  --changes N   how many changes to make   [200000]
  --seed N      which writes and faults    [1]
  --help        show this text

Exits 0 only if nothing was lost or out of order, and memory stayed bounded.
`;

const { values } = parseArgs({
  options: {
    changes: { type: "string", default: "200000" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", short: "h", default: false },
  },
});
const changes = Number(values.changes);
const seed = Number(values.seed);
const signal = interruption(process);

if (values.help) {
  process.stdout.write(help);
} else if (!Number.isInteger(changes) || changes < 1 || !Number.isInteger(seed) || seed < 0) {
  process.stderr.write(`--changes and --seed must be whole numbers.\n\n${help}`);
  process.exitCode = 2;
} else {
  try {
    const soaked = await progressOn(process.stderr).step("Soaking", (update) =>
      soak({
        changes,
        seed,
        signal,
        onRound: (round) =>
          update(`${round.changes.toLocaleString("en")} changes, ${Math.round(round.memory / 1024 / 1024)} MiB`),
      }),
    );
    process.stdout.write(`\n${report(soaked)}\n`);
    process.exitCode = soaked.problems.length === 0 ? 0 : 1;
  } catch (error) {
    process.stderr.write(`\n${signal.aborted ? "Interrupted." : ((error as Error).stack ?? error)}\n`);
    process.exitCode = signal.aborted ? interruptedExit : 1;
  }
}
