import { relative } from "node:path";
import { announce } from "../../operate/stack/announcement.ts";
import { runCommand } from "../../terminal/command.ts";
import { progressOn } from "../../terminal/progress.ts";
import { type Arguments, help, parseArguments } from "./arguments.ts";
import { bringUp } from "./bring-up.ts";
import type { Made } from "./created.ts";
import { keep } from "./keep.ts";
import { projectOf } from "./project.ts";
import { summary, welcome } from "./summary.ts";
import { told } from "./told.ts";

/** Brings a program up and keeps it running until somebody ends it. */
async function run(options: Arguments, signal: AbortSignal): Promise<number> {
  const { program, stack, config, speed, json } = options;
  const typedIn = process.env.npm_lifecycle_event === "local" ? process.env.INIT_CWD : undefined; // npm changes the folder
  const { root, file } = projectOf(program, typedIn ?? process.cwd());
  process.chdir(root); // as the Pulumi CLI does: programs read files beside them
  const progress = progressOn(process.stderr);
  const made: Made[] = [];
  const log = json ? process.stderr : process.stdout;
  const engine = await bringUp(`${relative(root, file)}, stack ${stack},`, progress, {
    root,
    program: file,
    stack,
    config,
    signal,
    timeScale: 1 / speed,
    onProgress: (event) => void (event.kind === "resource" && made.push(event)),
    onEvent: (event) => log.write(`${told(event)}\n`),
  });
  try {
    const withdraw = announce(engine, stack, root);
    try {
      process.stdout.write(json ? `${JSON.stringify(summary(options, made, engine))}\n` : welcome(made, engine));
      await keep(engine, signal);
    } finally {
      withdraw();
    }
    return 0;
  } finally {
    await progress.step("Cleaning up", () => engine.down());
  }
}

await runCommand({ help, parse: parseArguments, run });
