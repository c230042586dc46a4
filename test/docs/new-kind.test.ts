import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { Checkout } from "../support/checkout.ts";

const guide = readFileSync(join(import.meta.dirname, "../../docs/new-kind.md"), "utf8");

/** A file that the guide lets one write, or commands that it lets one run, with what they print. */
type Step =
  | { readonly file: string; readonly text: string }
  | { readonly command: string; readonly prints: readonly string[]; readonly exits: number };

describe("docs/new-kind.md", () => {
  it("leads from nothing to a verified run, followed to the letter", async function () {
    this.timeout(400_000);
    using checkout = Checkout.whole();
    const steps = stepsOf(guide);
    expect(steps.filter((step) => "file" in step)).to.have.length(7);
    expect(steps.filter((step) => "command" in step)).to.have.length(7);
    for (const step of steps) {
      if ("file" in step) {
        mkdirSync(dirname(join(checkout.folder, step.file)), { recursive: true });
        writeFileSync(join(checkout.folder, step.file), step.text);
        continue;
      }
      const { code, output } = await run(step.command, checkout.folder);
      expect(code, `${step.command}\n${output}`).to.equal(step.exits);
      for (const line of step.prints) expect(output, step.command).to.include(line);
    }
    const others = ["test/infra/stack", "test/infra/settings", "test/infra/kinds.test.ts", "test/imports.test.ts"];
    const suites = `npx mocha --no-config --recursive --extension ts --require test/support/hooks.ts --timeout 60000 ${others.join(" ")}`;
    const { code, output } = await run(suites, checkout.folder);
    expect(code, `the tests that know all kinds\n${output}`).to.equal(0);
  });

  it("names every place that a new kind touches", async function () {
    this.timeout(60_000);
    using checkout = Checkout.whole();
    const before = checkout.files();
    await run("npm run -s new-kind -- shoebox", checkout.folder);
    const after = checkout.files();
    const touched = [...after].filter(([path, text]) => before.get(path) !== text).map(([path]) => path);
    expect(touched).to.have.length(9);
    const [, table = ""] = /\n(\| place \|.*?)\n\n/s.exec(guide) ?? [];
    for (const path of touched) expect(table).to.include(`\`${path.replace("shoebox", "NAME")}\``);
  });
});

/** The guide's code blocks: a file's follows a line with its path alone, a console's has commands and what they print. */
function stepsOf(text: string): Step[] {
  const blocks = text.matchAll(/(?:^`([^`\n]+)`:\n\n)?^```(\w+)(?: \(exits with (\d+)\))?\n(.*?)^```$/gms);
  return [...blocks].flatMap(([, file, language, exits, content = ""]): Step[] => {
    if (language !== "console") return [{ file: file!, text: content }];
    return content
      .split(/^\$ /m)
      .slice(1)
      .map((one) => {
        const [command, ...printed] = one.trimEnd().split("\n");
        const prints = printed.filter((line) => line !== "...");
        return { command: command!, prints, exits: Number(exits ?? 0) };
      });
  });
}

/** Runs a command in a shell. The scripts that npm runs before others are left out: they would install what is there. */
function run(command: string, cwd: string): Promise<{ code: unknown; output: string }> {
  const bin = join(cwd, "node_modules/.bin");
  const env = {
    ...process.env,
    PATH: `${bin}:${process.env.PATH}`,
    npm_config_ignore_scripts: "true",
    NODE_V8_COVERAGE: "",
  };
  return new Promise((done) => {
    execFile("sh", ["-c", command], { cwd, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      done({ code: error?.code ?? 0, output: `${stdout}${stderr}` }),
    );
  });
}
