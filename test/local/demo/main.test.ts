import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Checkout } from "../../support/checkout.ts";

describe("local/demo/main.ts", () => {
  let checkout: Checkout;
  before(() => {
    checkout = new Checkout();
    checkout.copy("local");
  });
  after(() => checkout[Symbol.dispose]());

  const run = (...args: string[]) =>
    new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
      execFile(process.execPath, ["local/demo/main.ts", ...args], { cwd: checkout.folder }, (error, stdout, stderr) => {
        resolve({ code: error?.code ?? 0, stdout, stderr });
      });
    });

  it("shows its help on stdout", async () => {
    const { code, stdout, stderr } = await run("--help");
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    expect(stdout)
      .to.match(/^Runs a stack on this machine/)
      .and.to.contain("--keep");
  });

  it("says in two lines what is wrong with an argument", async () => {
    const { code, stdout, stderr } = await run("--films", "lots");
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: "" });
    expect(stderr.trim().split("\n")).to.deep.equal([
      "--films lots: expected a whole number from 1 to 100000.",
      "See `npm start -- --help`.",
    ]);
    const asJson = await run("--films", "lots", "--json");
    expect(asJson.code).to.equal(2);
    expect(JSON.parse(asJson.stdout)).to.deep.equal({ ok: false, error: stderr.trim() });
  });

  it("says which stack file is missing, without a stack trace", async () => {
    const { code, stdout, stderr } = await run("--stack", "nowhere", "--json");
    expect(code).to.equal(1);
    const told = JSON.parse(stdout);
    expect(told.ok).to.equal(false);
    expect(stderr).to.contain(told.error);
    expect(stderr).to.contain("Pulumi.nowhere.yaml").and.not.to.contain("    at ");
  });

  it("shows each problem of a stack file on a line, and nothing else", async () => {
    const stack = `
config:
  aws:region: us-east-1
  fanout:source: { hashKey: { name: id, type: string } }
  fanout:destinations: { events: { kind: sqs, mapping: { batchSize: 20000 } } }`;
    writeFileSync(join(checkout.folder, "Pulumi.bad.yaml"), stack);
    const { code, stdout, stderr } = await run("--stack", "bad");
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
    expect(stderr.trim().split("\n").slice(1)).to.deep.equal([
      "",
      'source.hashKey.type: "string" is not allowed; expected one of S, N, B',
      "destinations.events.mapping.batchSize: 20000 is not allowed; expected a whole number from 1 to 10000",
    ]);
  });

  describe("interrupted", () => {
    let temporary: string;

    beforeEach(() => {
      temporary = mkdtempSync(join(tmpdir(), "fanout-main-"));
    });

    afterEach(() => rmSync(temporary, { recursive: true }));

    /** Starts a run with a temporary folder of its own, and sends it signals once it has said something. */
    async function interrupt(args: string[], said: string, ...signals: NodeJS.Signals[]) {
      const child = spawn(process.execPath, ["local/demo/main.ts", ...args], {
        cwd: checkout.folder,
        detached: true, // a process group of its own, as a shell gives it
        env: { ...process.env, TMPDIR: temporary },
        stdio: ["ignore", "ignore", "pipe"],
      });
      const exit = once(child, "exit");
      let stderr = "";
      let wasRunning: string[] = [];
      for await (const text of child.stderr) {
        const before = stderr.includes(said);
        stderr += text;
        if (before || !stderr.includes(said)) continue;
        wasRunning = processes();
        for (const signal of signals) child.kill(signal);
      }
      const [code] = await exit;
      return { code, stderr, wasRunning };
    }

    /** The processes that have the run's temporary folder in their environment, which they inherit. */
    const processes = () =>
      execFileSync("ps", ["axeww", "-o", "pid=,command="], { encoding: "utf8", maxBuffer: 2 ** 26 })
        .split("\n")
        .filter((line) => line.includes(temporary));

    const nothingLeft = () => {
      expect(processes()).to.deep.equal([]);
      expect(readdirSync(temporary)).to.deep.equal([]);
    };

    it("ends a stack that is kept, and leaves nothing behind", async function () {
      this.timeout(120_000);
      const { code, wasRunning } = await interrupt(["--films", "20", "--keep"], "Ctrl-C ends it", "SIGINT");
      expect(wasRunning.filter((line) => /java.*DynamoDBLocal/.test(line))).to.have.length(1);
      expect(code).to.equal(0);
      nothingLeft();
    });

    it("ends a start, and leaves nothing behind", async function () {
      this.timeout(60_000);
      const { code, stderr } = await interrupt(["--films", "20"], "Bringing stack dev up", "SIGINT");
      expect(code).to.equal(130);
      expect(stderr).to.contain("Interrupted.");
      nothingLeft();
    });

    it("leaves nothing behind when the signal comes twice, as npm sends it", async function () {
      this.timeout(60_000);
      const { code } = await interrupt(["--films", "20"], "Bringing stack dev up", "SIGINT", "SIGINT");
      expect(code).to.equal(130);
      nothingLeft();
    });
  });
});
