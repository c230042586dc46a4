import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect } from "chai";

const root = join(import.meta.dirname, "../../..");

describe("npm run preview and npm run up", () => {
  let folder: string;
  let own: string;
  let packages: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-cli-"));
    own = join(folder, "bin");
    packages = join(folder, "node_modules", ".bin");
    for (const path of [own, packages]) mkdirSync(path, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Puts a stand-in for the CLI into a folder: a script that has its arguments as `args`. */
  const install = (path: string, script: string, mode = 0o755) =>
    writeFileSync(join(path, "pulumi"), `#!${process.execPath}\nconst args = process.argv.slice(2);\n${script}\n`, {
      mode,
    });

  /** Starts the command with the PATH that npm gives its scripts. */
  const start = (...args: string[]) =>
    spawn(process.execPath, [join(root, "operate/stack/run-pulumi.ts"), ...args], {
      detached: true, // a process group of its own, as a shell gives it
      env: { PATH: [packages, own].join(delimiter) },
    });
  const run = async (...args: string[]) => {
    const child = start(...args);
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
    const [code] = await once(child, "close");
    return { code, stdout, stderr };
  };

  it("run the CLI on the PATH, although npm puts its packages first, with all arguments", async () => {
    install(packages, "console.log('the package')");
    install(own, "console.log(JSON.stringify(args))");
    expect(await run("preview", "--stack", "a b")).to.deep.equal({
      ...{ code: 0, stderr: "" },
      stdout: '["preview","--stack","a b"]\n',
    });
  });

  it("fall back to the npm package, and say so", async () => {
    install(packages, "console.log('the package', args[0])");
    install(own, "console.log('not to be run')", 0o644);
    expect(await run("up")).to.deep.equal({
      code: 0,
      stdout: "the package up\n",
      stderr:
        "There is no Pulumi CLI on the PATH: the npm package fetches it, once, and runs it. Where it cannot be fetched, install one: https://www.pulumi.com/docs/iac/download-install/\n",
    });
  });

  it("say where to get a CLI if there is none", async () => {
    const { code, stdout, stderr } = await run("up");
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
    expect(stderr).to.match(/^There is no Pulumi CLI on the PATH\. Install it \(https:\S+\), or let `npm ci` .+\n$/);
  });

  it("end as the CLI ends", async () => {
    install(own, "process.exitCode = 7");
    expect((await run("up")).code).to.equal(7);
    install(own, "process.kill(process.pid, 'SIGKILL')");
    expect((await run("up")).code).to.equal(137);
  });

  const ending = `
    let signals = 0;
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {
      signals += 1;
      setImmediate(() => { console.log(signal, signals); process.exit(4); });
    });
    process.stdin.resume();
    console.log("ready");`;
  for (const [what, signal, toAll] of [
    ["Ctrl-C, which a terminal sends to both", "SIGINT", true],
    ["the end of a job, which is sent to the command alone", "SIGTERM", false],
  ] as const) {
    it(`leave it to the CLI to end well at ${what}`, async () => {
      install(own, ending);
      const child = start("up");
      let stdout = "";
      child.stdout.setEncoding("utf8").on("data", (text) => {
        stdout += text;
        if (text === "ready\n") process.kill(toAll ? -child.pid! : child.pid!, signal);
      });
      const [code] = await once(child, "close");
      expect({ code, stdout }).to.deep.equal({ code: 4, stdout: `ready\n${signal} 1\n` });
    });
  }

  it("are the scripts of package.json", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    for (const name of ["preview", "up"])
      expect(scripts[name]).to.equal(`npm run check:types && node operate/stack/run-pulumi.ts ${name}`);
  });
});
