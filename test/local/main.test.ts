import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";

describe("local/main.ts", () => {
  const program = join(import.meta.dirname, "../../local/main.ts");

  const run = (...args: string[]) =>
    new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
      execFile(process.execPath, [program, ...args], (error, stdout, stderr) => {
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
});
