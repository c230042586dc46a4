import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { Checkout } from "../support/checkout.ts";

describe("local/main.ts", () => {
  const root = join(import.meta.dirname, "../..");
  const run = (...args: string[]) => runIn(root, ...args);
  const runIn = (cwd: string, ...args: string[]) =>
    new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
      execFile(process.execPath, ["local/main.ts", ...args], { cwd }, (error, stdout, stderr) => {
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
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
    expect(stderr.trim().split("\n")).to.deep.equal([
      "--films lots: expected a whole number from 1 to 100000.",
      "See `npm start -- --help`.",
    ]);
  });

  it("says which stack file is missing, without a stack trace", async () => {
    const { code, stderr } = await run("--stack", "nowhere");
    expect(code).to.equal(1);
    expect(stderr).to.contain("Pulumi.nowhere.yaml").and.not.to.contain("    at ");
  });

  it("shows each problem of a stack file on a line, and nothing else", async () => {
    using checkout = new Checkout();
    checkout.copy("local");
    const stack = `
config:
  aws:region: us-east-1
  source: { hashKey: { name: id, type: string } }
  destinations: { events: { kind: sqs, mapping: { batchSize: 20000 } } }`;
    writeFileSync(join(checkout.folder, "Pulumi.bad.yaml"), stack);
    const { code, stdout, stderr } = await runIn(checkout.folder, "--stack", "bad");
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
    expect(stderr.trim().split("\n").slice(1)).to.deep.equal([
      "",
      'source.hashKey.type: "string" is not allowed; expected one of S, N, B',
      "destinations.events.mapping.batchSize: 20000 is not allowed; expected a whole number from 1 to 10000",
    ]);
  });
});
