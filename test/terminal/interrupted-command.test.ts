import { execFile } from "node:child_process";
import { expect } from "chai";

describe("a command that is interrupted", () => {
  it("says so, though what fails because of that is known before the signal", async () => {
    const module = new URL("../../terminal/command.ts", import.meta.url);
    // As when Ctrl-C in a terminal ends a child that the command works with.
    const script = `
      import { runCommand } from "${module}";
      await runCommand({
        usage: { command: "npm run it", about: "Works.", options: {}, success: "it is done" },
        parse: () => ({ trace: false, help: false }),
        async run() {
          process.kill(process.pid, "SIGINT");
          throw new Error("the child has ended");
        },
      });`;
    const [code, stderr] = await new Promise<[unknown, string]>((done) => {
      const args = ["--input-type=module", "--eval", script];
      execFile(process.execPath, args, (error, _, text) => done([error?.code, text]));
    });
    expect([code, stderr]).to.deep.equal([130, "\nStopping ...\n\nInterrupted.\n"]);
  });
});
