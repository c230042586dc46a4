import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect } from "chai";

describe("the emulators of a process that ends without having stopped them", () => {
  const module = new URL("../../../../local/engine/world/start-world.ts", import.meta.url);
  const script = `
    import { readdirSync } from "node:fs";
    import { startWorld } from "${module}";
    const world = await startWorld({ root: ".", region: "eu-west-1", onUp: () => {}, onProblem: () => {} });
    await world.folder();
    const { dynamodb } = await world.direct();
    const { port } = await dynamodb.config.endpoint();
    console.log(JSON.stringify({ port, folders: readdirSync(process.env.TMPDIR).length }));`;
  let TMPDIR: string;
  beforeEach(() => {
    TMPDIR = mkdtempSync(join(tmpdir(), "world-"));
  });
  afterEach(() => rmSync(TMPDIR, { recursive: true }));

  for (const signal of ["SIGKILL", "SIGTERM", "SIGINT"] as const) {
    it(`end with it, and their folders go, when it is ended by ${signal}`, async () => {
      const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
        env: { ...process.env, TMPDIR },
        stdio: ["ignore", "pipe", "pipe"],
      });
      // Comes when nobody holds its stderr any more: neither the process nor those who clean up after it.
      const closed = once(child, "close");
      child.stderr.resume();
      const [line] = await once(createInterface(child.stdout), "line");
      const { port, folders } = JSON.parse(line);
      expect(folders).to.be.at.least(1);
      const connection = connect({ host: "127.0.0.1", port });
      await once(connection, "connect");
      connection.on("error", () => {}); // whether it is ended or reset is of no interest
      connection.resume();
      const ended = once(connection, "close");
      child.kill(signal);
      expect((await closed)[1]).to.equal(signal);
      await ended; // DynamoDB Local's end of it
      expect(readdirSync(TMPDIR)).to.deep.equal([]);
    });
  }
});
