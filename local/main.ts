import { once } from "node:events";
import { type Arguments, help, parseArguments } from "./demo/arguments.ts";
import { invitation } from "./demo/invitation.ts";
import { progressOn } from "./demo/progress.ts";
import { allRight, report } from "./demo/report.ts";
import { run, start } from "./demo/run.ts";
import { UserError } from "./user-error.ts";

/** Runs the demo; the exit code is 0 only if every destination holds exactly what it should. */
async function main(options: Arguments): Promise<number> {
  const progress = progressOn(process.stderr);
  const engine = await start(options.stack, progress);
  try {
    const result = await run(engine, options, progress);
    const text = options.json ? JSON.stringify(result, null, 2) : `\n${report(result)}`;
    process.stdout.write(`${text}\n`);
    if (options.keep) {
      process.stdout.write(invitation(engine));
      await once(process, "SIGINT");
    }
    return allRight(result) ? 0 : 1;
  } finally {
    await progress.step("Cleaning up", () => engine.down());
  }
}

let options: Arguments | undefined;
try {
  options = parseArguments(process.argv.slice(2));
  if (options.help) process.stdout.write(help);
  else process.exitCode = await main(options);
} catch (error) {
  const trace = options?.trace || !(error instanceof Error);
  const hint = error instanceof UserError || trace ? "" : "\nRun again with --trace for the stack trace.";
  process.stderr.write(`\n${trace ? String((error as Error)?.stack ?? error) : error.message}${hint}\n`);
  process.exitCode = 1;
}
