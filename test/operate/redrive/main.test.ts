import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { type Engine, up } from "../../../local/engine/engine.ts";
import { announcementPlace } from "../../../operate/stack/running.ts";
import { sharedDynamoDb } from "../../support/dynamodb.ts";
import { stacks } from "../../support/stacks.ts";
import { numbersWithoutUnit } from "../../support/units.ts";

describe("operate/redrive/main.ts", () => {
  let folder: string;
  let engine: Engine | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "redrive-"));
  });
  afterEach(async () => {
    await engine?.down();
    engine = undefined;
    rmSync(folder, { recursive: true });
  });

  const main = resolve("operate/redrive/main.ts");
  const run = (...args: string[]) =>
    new Promise<{ code: unknown; stdout: string; stderr: string }>((done) => {
      execFile(process.execPath, [main, ...args], { cwd: folder }, (error, stdout, stderr) => {
        done({ code: error?.code ?? 0, stdout, stderr });
      });
    });

  it("shows its help on stdout", async () => {
    const { code, stdout, stderr } = await run("--help");
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    expect(stdout).to.match(/^Brings back what lies in a stack's failure queues/);
  });

  it("needs a stack, and one that runs", async () => {
    const without = await run();
    expect(without.code).to.equal(2);
    expect(without.stderr).to.contain("--stack is missing");
    const { code, stdout, stderr } = await run("--stack", "dev", "--local");
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
    expect(stderr.trim()).to.match(/^No stack dev runs on this machine\. Start it with `npm start/);
  });

  it("finds a stack that another process runs, and ends with a table and its exit code", async function () {
    this.timeout(60_000);
    let out = true;
    const { endpoint } = await sharedDynamoDb();
    engine = await up({
      ...stacks,
      dynamoDbEndpoint: endpoint,
      timeScale: 0.01,
      config: {
        "fanout:destinations": {
          copy: { kind: "replica", mapping: { maximumRetryAttempts: 0 }, function: { timeout: 1 } },
        },
      },
      faults: ({ principal }) =>
        out && principal.kind === "function"
          ? { kind: "error", error: { status: 503, code: "ServiceUnavailable", message: "not now" } }
          : undefined,
    });
    const place = announcementPlace("dev", folder);
    place.announce(engine);
    try {
      const Item = { id: { S: "a" } };
      await engine.clients.dynamodb.send(new PutItemCommand({ TableName: String(engine.outputs.table), Item }));
      await engine.idle();
      const { destinations } = engine.outputs as { destinations: { copy: { failureQueue: string } } };
      const QueueUrl = destinations.copy.failureQueue;
      const odd = await engine.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "odd" }));
      out = false;

      const looked = await run("--stack", "dev", "--local", "--dry-run");
      expect(looked.code).to.equal(1);
      expect(looked.stderr).to.match(/^Looking at stack dev on this machine\n/);
      expect(looked.stdout).to.equal(`
destination  messages  to redrive  still failing  trimmed  not understood  left
-----------  --------  ----------  -------------  -------  --------------  ----
copy                2           1              0        0               1     2

Redriven and still failing count records, the rest messages.

Not understood for copy, and left alone in ${QueueUrl}:
  ${odd.MessageId}: it is not JSON

This was a dry run of stack dev on this machine: nothing was sent, and nothing deleted.
`);

      const { code, stdout } = await run("--stack", "dev", "--local", "--json");
      expect(code).to.equal(1);
      const result = JSON.parse(stdout);
      expect(numbersWithoutUnit(result, result.units)).to.deep.equal([]);
      expect(result).to.include({ ok: false, target: "stack dev on this machine", dryRun: false });
      expect(result.consumers[0]).to.include({ messages: 2, redriven: 1, left: 1 });

      const last = await run("--stack", "dev", "--local", "--discard", odd.MessageId!);
      expect(last.code).to.equal(0);
      expect(last.stderr).to.match(/^Discarding messages of stack dev on this machine\n/);
      expect(last.stdout).to.match(/^copy +1 +1 +0$/m);
      expect(last.stdout).to.match(/Nothing is left in the failure queues of stack dev on this machine\.\n$/);
    } finally {
      place.withdraw();
    }
    expect((await run("--stack", "dev", "--local")).code).to.equal(1);
  });
});
