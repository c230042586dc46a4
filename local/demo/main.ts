import { announcementPlace } from "../../operate/stack/running.ts";
import { runCommand } from "../../terminal/command.ts";
import { jsonResult } from "../../terminal/json.ts";
import { progressOn } from "../../terminal/progress.ts";
import { columnsOf } from "../../terminal/text.ts";
import type { EngineEvent } from "../engine/events.ts";
import { keep } from "../run/bring-up.ts";
import { eventLine } from "../run/output.ts";
import { type Arguments, parseArguments, usage } from "./arguments.ts";
import { instructions } from "./instructions.ts";
import { allRight, report } from "./report.ts";
import { resultUnits } from "./result-units.ts";
import { run, start } from "./run.ts";

/** Runs the demo; the exit code is 0 only if every destination holds exactly what it should. */
async function main(options: Arguments, signal: AbortSignal): Promise<number> {
  const progress = progressOn(process.stderr);
  const interrupted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
  interrupted.catch(() => {}); // it may come when nothing waits for it any more
  // Goes away with the process if the start fails.
  const place = options.keep ? announcementPlace(options.stack) : undefined;
  const losses: string[] = [];
  let onEvent = (event: EngineEvent) => {
    if (event.kind === "failed delivery" || event.kind === "dropped records") losses.push(eventLine(event));
  };
  const engine = await start(options.stack, progress, signal, (event) => onEvent(event));
  try {
    const result = await Promise.race([run(engine, options, progress), interrupted]).finally(() => {
      for (const line of losses) process.stderr.write(`${line}\n`);
    });
    const text = options.json
      ? jsonResult(allRight(result), resultUnits, result)
      : `\n${report(result, columnsOf(process.stdout))}`;
    process.stdout.write(`${text}\n`);
    if (place !== undefined) {
      onEvent = (event) => void (event.kind !== "log" && process.stderr.write(`${eventLine(event)}\n`));
      place.announce(engine);
      process.stderr.write(await instructions(engine, options.stack));
      await keep(engine, signal);
    }
    return allRight(result) ? 0 : 1;
  } finally {
    place?.withdraw();
    await progress.step("Cleaning up", () => engine.down());
  }
}

await runCommand({ usage, parse: parseArguments, run: main });
