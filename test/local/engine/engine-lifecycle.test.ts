import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { up } from "../../../local/engine/engine.ts";
import { UserError } from "../../../terminal/user-error.ts";
import { sharedDynamoDb } from "../../support/dynamodb.ts";
import { FakeDocker } from "../../support/fake-docker.ts";
import { Relay, root } from "./support/relay.ts";

describe("the engine, when something goes wrong or comes to its end", () => {
  it("reports the problems of a mapping that goes on, and rejects when it does not", async () => {
    const problems: string[] = [];
    let status = 500;
    let left = 6;
    const { engine: faulty } = await Relay.up({
      timeScale: 0.01,
      onProblem: (text) => problems.push(text),
      faults: ({ principal, operation }) =>
        principal.kind === "mapping" && operation === "GetRecords" && left-- > 0
          ? { kind: "error", error: { status, code: "Odd", message: "not now" } }
          : undefined,
    });
    try {
      await faulty.idle();
      expect(problems.join("\n")).to.match(/^The event source mapping \S+ of \S+ could not read the stream .*not now/);
      status = 400;
      left = 1;
      const error = await faulty.idle().catch((reason) => reason);
      expect(error.message).to.match(/^The event source mapping \S+ of \S+ failed: .*not now/);
      expect(problems).to.include(error.message);
    } finally {
      await faulty.down();
    }
  });

  it("does not wait for ever when DynamoDB Local has ended", async () => {
    const { endpoint } = await sharedDynamoDb();
    using docker = new FakeDocker(endpoint);
    docker.install();
    const alone = await up({ root, program: "relay.ts", timeScale: 0.01, onProblem: () => {} });
    try {
      await alone.idle();
      docker.crash();
      const error = await alone.idle().catch((reason) => reason);
      expect(error).to.be.instanceOf(UserError);
      expect(error.message).to.match(/^DynamoDB Local ended by itself \(SIGKILL\)/);
    } finally {
      await alone.down();
    }
  });

  it("leaves nothing behind: no folder, no handle, whether the program came up or not", async () => {
    const { stdout, left } = await inChild(`
      await up({ ...options, program: "too-late.ts" }).then(() => process.exit(1), ({ message }) => console.log(message));
      const engine = await up({ ...options, program: "relay.ts" });
      await Promise.all([engine.down(), engine.down()]);
      await engine.down();
      console.log("down");`);
    expect(stdout).to.equal(
      'aws:lambda/eventSourceMapping:EventSourceMapping "mapping": Stream not found: arn:aws:dynamodb:eu-west-1:000000000000:table/none/stream/1\ndown\n',
    );
    expect(left).to.deep.equal([]);
  });

  it("ends in order when it is given up between a program's lookups, or fails in what it computes", async () => {
    const { stdout } = await inChild(`
      const wish = new AbortController();
      const onProgress = ({ kind }) => kind === "resource" && wish.abort(new Error("enough"));
      const said = ({ message }) => console.log(message);
      await up({ ...options, program: "lookup.ts", signal: wish.signal, onProgress }).then(() => process.exit(1), said);
      await up({ ...options, program: "bug-in-apply.ts" }).then(() => process.exit(1), said);
      const engine = await up({ ...options, program: "lookup.ts" });
      console.log(engine.outputs.zone);
      await engine.down();`);
    expect(stdout).to.match(
      /^enough\nbug-in-apply\.ts:4:45: error serializing property "tags": .* is not valid JSON\n10\n$/,
    );
  });

  it("leaves nothing behind when the process ends without warning", async () => {
    const { stdout, left } = await inChild(`
      const { readdirSync } = await import("node:fs");
      await up({ ...options, program: "relay.ts" });
      console.log(readdirSync(process.env.TMPDIR).length);
      process.exit();`);
    expect([stdout, left]).to.deep.equal(["1\n", []]);
  });

  /** Runs a script in a process with a temporary folder of its own; what it printed, and what is left in the folder. */
  async function inChild(script: string): Promise<{ stdout: string; left: string[] }> {
    const { endpoint } = await sharedDynamoDb();
    const TMPDIR = mkdtempSync(join(tmpdir(), "engine-"));
    const begin = `
      import { up } from "${new URL("../../../local/engine/engine.ts", import.meta.url)}";
      const options = { root: "${root}", dynamoDbEndpoint: "${endpoint}" };`;
    try {
      const run = [process.execPath, ["--input-type=module", "--eval", begin + script]] as const;
      const { stdout } = await promisify(execFile)(...run, { env: { ...process.env, TMPDIR } });
      return { stdout, left: readdirSync(TMPDIR) };
    } finally {
      rmSync(TMPDIR, { recursive: true });
    }
  }
});
