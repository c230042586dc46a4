import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { announcementPlace } from "../../operate/stack/running.ts";
import { runCommand } from "../../terminal/command.ts";
import { progressOn } from "../../terminal/progress.ts";
import { columnsOf } from "../../terminal/text.ts";
import { UserError } from "../../terminal/user-error.ts";
import { type Arguments, parseArguments, usage } from "./arguments.ts";
import { bringUp, keep } from "./bring-up.ts";
import { type CreatedResource, eventLine, jsonSummary, welcome } from "./output.ts";

/** Brings a program up and keeps it running until it is interrupted. */
async function run(options: Arguments, signal: AbortSignal): Promise<number> {
  const { program, stack, config, speed, json } = options;
  const typedIn = process.env.npm_lifecycle_event === "local" ? process.env.INIT_CWD : undefined; // npm changes the folder
  const { root, file } = projectOf(program, typedIn ?? process.cwd());
  const progress = progressOn(process.stderr);
  const created: CreatedResource[] = [];
  const log = json ? process.stderr : process.stdout;
  const place = announcementPlace(stack, root); // goes away with the process if the start fails
  const engine = await bringUp(`${relative(root, file)}, stack ${stack},`, progress, {
    root,
    program: file,
    stack,
    config,
    signal,
    timeScale: 1 / speed,
    onProgress: (event) => void (event.kind === "resource" && created.push(event)),
    onEvent: (event) => log.write(`${eventLine(event)}\n`),
  });
  try {
    place.announce(engine);
    process.stdout.write(
      json
        ? `${JSON.stringify(jsonSummary(options, created, engine))}\n`
        : welcome(created, engine, columnsOf(process.stdout)),
    );
    await keep(engine, signal);
    return 0;
  } finally {
    place.withdraw();
    await progress.step("Cleaning up", () => engine.down());
  }
}

/** A program's file and the folder of its project: the nearest one above it that has a Pulumi.yaml. */
function projectOf(program: string, from: string): { readonly root: string; readonly file: string } {
  const file = resolve(from, program);
  if (!existsSync(file)) throw new UserError(`The program ${file} does not exist.`);
  for (let root = dirname(file); ; root = dirname(root)) {
    if (existsSync(join(root, "Pulumi.yaml"))) return { root, file };
    if (root === dirname(root)) {
      throw new UserError(
        `There is no Pulumi.yaml in ${dirname(file)} or above it. A Pulumi project has one at its top level; two lines are enough:\n  name: my-project\n  runtime: nodejs`,
      );
    }
  }
}

await runCommand({ usage, parse: parseArguments, run });
