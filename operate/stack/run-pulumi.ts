// `npm run preview` and `npm run up`: the Pulumi CLI with whatever arguments it is given.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { download, needsShell, pulumiCli } from "./pulumi-cli.ts";

const cli = pulumiCli();
if (cli === undefined) {
  process.stderr.write(
    `There is no Pulumi CLI on the PATH. Install it (${download}), or let \`npm ci\` install the npm package, which fetches it.\n`,
  );
  process.exitCode = 1;
} else {
  if (cli.isPackage)
    process.stderr.write(
      `There is no Pulumi CLI on the PATH: the npm package fetches it, once, and runs it. Where it cannot be fetched, install one: ${download}\n`,
    );
  const child = spawn(cli.file, process.argv.slice(2), { stdio: "inherit", shell: needsShell(cli) });
  // A terminal's Ctrl-C reaches the CLI by itself, and a second one would make it stop at once, halfway.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("error", ({ message }) => {
    process.stderr.write(`${cli.file} cannot be started: ${message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal!];
  });
}
