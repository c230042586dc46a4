import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import Mocha from "mocha";
import "../support/hooks.ts";
import type { Task, Verdict } from "./task.ts";

/**
 * Runs test files again and again, each time with another text in place of one file, and each time on new instances of all
 * of the project's modules. The text only ever exists in this process: no file is written.
 */
const root = pathToFileURL(join(import.meta.dirname, "../../")).href;
let run = 0;
let replaced: { readonly url: string; readonly text: string } | undefined;
/** Whether something was thrown that no test waits for: maybe what an earlier run has left behind. */
let uncaught = false;

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const isOwn = resolved.url.startsWith(root) && !resolved.url.includes("/node_modules/");
    return isOwn ? { ...resolved, url: `${resolved.url}?run=${run}` } : resolved;
  },
  load(url, context, next) {
    if (replaced === undefined || url !== `${replaced.url}?run=${run}`) return next(url, context);
    return { format: "module-typescript", source: replaced.text, shortCircuit: true };
  },
});

for (const event of ["uncaughtException", "unhandledRejection"])
  process.on(event, () => {
    uncaught = true;
  });

process.on("message", async ({ file, text, tests, testLimit }: Task) => {
  run += 1;
  uncaught = false;
  replaced = { url: `${root}${file}`, text };
  const verdict = await test(tests, testLimit).catch((error): Verdict => {
    const isProgram = !(error instanceof SyntaxError && /strip|syntax|parse/i.test(`${error} ${error.stack}`));
    return { failed: isProgram ? `does not load: ${error}` : null, isProgram, uncaught: false, longest: 0 };
  });
  process.send!(verdict);
});

async function test(files: readonly string[], limit: number): Promise<Verdict> {
  let failed: string | null = null;
  let longest = 0;
  class Quiet {
    constructor(runner: Mocha.Runner) {
      runner.on("fail", (one) => {
        failed ??= one.fullTitle();
      });
      runner.on("pass", ({ duration = 0 }) => {
        longest = Math.max(longest, duration);
      });
    }
  }
  const mocha = new Mocha({ reporter: Quiet as never, bail: true, timeout: limit });
  for (const file of files) {
    mocha.suite.emit(Mocha.Suite.constants.EVENT_FILE_PRE_REQUIRE, globalThis, file, mocha);
    await import(`${root}${file}`);
  }
  await new Promise((resolve) => mocha.run(resolve));
  mocha.dispose();
  return { failed, isProgram: true, uncaught, longest };
}
