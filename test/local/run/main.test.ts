import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";

const root = join(import.meta.dirname, "../../..");

describe("local/run/main.ts", () => {
  let elsewhere: string;
  before(() => {
    elsewhere = realpathSync(mkdtempSync(join(tmpdir(), "run-")));
    cpSync(join(root, "test/fixtures/programs/notes"), join(elsewhere, "notes"), { recursive: true });
    mkdirSync(join(elsewhere, "tmp"));
  });
  after(() => rmSync(elsewhere, { recursive: true }));

  const run = (...args: string[]) =>
    new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
      execFile(
        process.execPath,
        [join(root, "local/run/main.ts"), ...args],
        { cwd: elsewhere },
        (error, stdout, stderr) => {
          resolve({ code: error?.code ?? 0, stdout, stderr });
        },
      );
    });
  /** What it says on stderr, when it fails with nothing on stdout, without the line of progress. */
  const problem = async (exit: number, args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }, stderr).to.deep.equal({ code: exit, stdout: "" });
    expect(stderr).not.to.contain("    at ");
    return stderr.replace(/^✘ .*\n/, "").trim();
  };

  it("shows its help on stdout", async () => {
    const { code, stdout, stderr } = await run("--help");
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    expect(stdout)
      .to.match(/^Runs a Pulumi program on this machine, and keeps it running until Ctrl-C\.$/m)
      .and.to.contain("--program FILE");
  });

  const mistakes: readonly (readonly [what: string, args: readonly string[], message: RegExp, exit?: number])[] = [
    [
      "an option that does not exist",
      ["--programm", "x"],
      /^Unknown option '--programm'.*\nSee `npm run local -- --help`\.$/s,
      2,
    ],
    [
      "a setting without a value",
      ["--config", "greeting"],
      /^--config greeting: expected KEY=VALUE\.\nSee `npm run/,
      2,
    ],
    ["a speed that is none", ["--speed", "0"], /^--speed 0: expected a number greater than 0\.\nSee `npm run/, 2],
    ["a program that does not exist", ["--program", "none.ts"], /^The program \S+\/none\.ts does not exist\.$/],
    [
      "a program that is a folder",
      ["--program", "notes"],
      /^There is no Pulumi\.yaml in \S+ or above it\. .*\n {2}name: /,
    ],
    ["a program without a project", ["--program", "alone.mjs"], /^There is no Pulumi\.yaml in \S+ or above it\./],
    [
      "a value that is missing",
      ["--program", "notes/index.cjs"],
      /^Pulumi\.dev\.yaml: config\.greeting has no value and Pulumi\.yaml gives it no default\. Add `notes:greeting: \.\.\.` under/,
    ],
    [
      "a type that nothing here stands in for",
      ["--program", "notes/zone.mjs", "--config", "greeting=Hello"],
      /^aws:route53\/zone:Zone "films": this type of resource has no equivalent on this machine yet\./,
    ],
    [
      "a bug in the program",
      ["--program", "notes/bug.mjs", "--config", "greeting=Hello"],
      /^bug\.mjs:1:1: nothing is not defined\nRun again with --trace for the stack trace\.$/,
    ],
  ];
  for (const [what, args, message, exit = 1] of mistakes) {
    it(`says what is wrong, without a stack trace: ${what}`, async () => {
      const zone = 'import * as aws from "@pulumi/aws"; new aws.route53.Zone("films", { name: "films.example" });';
      writeFileSync(join(elsewhere, "alone.mjs"), "");
      writeFileSync(join(elsewhere, "notes/zone.mjs"), zone);
      writeFileSync(join(elsewhere, "notes/bug.mjs"), "nothing();");
      expect(await problem(exit, args)).to.match(message);
    });
  }

  it("shows the stack trace when it is asked to", async () => {
    writeFileSync(join(elsewhere, "notes/bug.mjs"), "nothing();");
    const { code, stderr } = await run("--program", "notes/bug.mjs", "--config", "greeting=Hello", "--trace");
    expect(code).to.equal(1);
    expect(stderr).to.match(/ReferenceError: nothing is not defined\n {4}at .*bug\.mjs/);
  });

  it("finds out before it makes anything that it cannot tell of itself", async () => {
    const file = join(elsewhere, "notes/.running");
    rmSync(file, { recursive: true, force: true });
    writeFileSync(file, "");
    try {
      const { code, stderr } = await run("--program", "notes/index.cjs", "--config", "greeting=Hello");
      expect(code).to.equal(1);
      expect(stderr.trim()).to.match(
        /^A stack that is left running tells of itself in \S+\/notes\/\.running, which cannot/,
      );
    } finally {
      rmSync(file);
    }
  });

  /** Starts it in a process whose temporary folder is its own; what it prints, line by line, by stream. */
  const start = (...args: string[]) => {
    const child = spawn(process.execPath, [join(root, "local/run/main.ts"), ...args], {
      cwd: elsewhere,
      env: { ...process.env, TMPDIR: join(elsewhere, "tmp") },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const exit = once(child, "exit").then(([code]) => code as number | null);
    return { child, exit, out: createInterface(child.stdout), err: createInterface(child.stderr) };
  };
  const until = async (lines: AsyncIterable<string>, pattern: RegExp): Promise<string> => {
    const seen: string[] = [];
    for await (const line of lines) {
      seen.push(line);
      if (pattern.test(line)) return line;
    }
    throw new Error(`no line matches ${pattern}:\n${seen.join("\n")}`);
  };

  it("keeps a program running that lies elsewhere and has no packages, and tells machines where it is", async function () {
    this.timeout(120_000);
    const { child, exit, out, err } = start("--program", "notes/index.cjs", "--config", "greeting=Hello", "--json");
    const log = err[Symbol.asyncIterator]();
    const lines = { [Symbol.asyncIterator]: () => ({ next: () => log.next() }) };
    try {
      const up = JSON.parse(await until(out, /^\{/));
      const { table, reader, mapping, failures } = up.outputs;
      expect(up).to.include({ ok: true, program: "notes/index.cjs", stack: "dev", region: "us-east-1" });
      expect(up.functions).to.deep.equal([
        { name: reader, arn: `arn:aws:lambda:us-east-1:000000000000:function:${reader}` },
      ]);
      expect(up.mappings.map(({ uuid, functionName }: Record<string, string>) => [uuid, functionName])).to.deep.equal([
        [mapping, reader],
      ]);
      expect(up.resources).to.deep.include({ type: "aws:dynamodb/table:Table", name: "notes", id: table });
      expect(up.endpoints.dynamodb).to.equal(up.environment.AWS_ENDPOINT_URL);
      const dynamodb = new DynamoDBClient({
        endpoint: up.environment.AWS_ENDPOINT_URL,
        region: up.environment.AWS_REGION,
        credentials: {
          accessKeyId: up.environment.AWS_ACCESS_KEY_ID,
          secretAccessKey: up.environment.AWS_SECRET_ACCESS_KEY,
        },
      });
      await dynamodb.send(new PutItemCommand({ TableName: table, Item: { id: { S: "bad" } } }));
      dynamodb.destroy();
      expect(await until(lines, /Hello/)).to.equal(`${reader}: Hello, bad`);
      expect(await until(lines, /batch/)).to.equal(`${reader}: a batch of 1 record failed: Error: a bad note`);
      expect(await until(lines, /gave up/)).to.match(
        new RegExp(
          `^${reader}: gave up 1 record after 1 attempt \\(RetryAttemptsExhausted\\): \\d+ to \\d+ of shardId-\\S+\\. The failure message is in ${failures}$`,
        ),
      );
    } finally {
      child.kill("SIGINT");
    }
    expect(await exit).to.equal(0);
    expect(readdirSync(join(elsewhere, "tmp"))).to.deep.equal([]);
  });

  it("tells people what there is, and how to reach it", async function () {
    this.timeout(120_000);
    const program =
      'import * as aws from "@pulumi/aws"; await aws.dynamodb.getTable({ name: "post" }); export const { url } = new aws.sqs.Queue("letters"); new aws.iam.Policy("p", { policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" }] }) });';
    writeFileSync(join(elsewhere, "notes/letters.mjs"), program);
    const { child, exit, out, err } = start("--program", "notes/letters.mjs", "--config", "greeting=Hello");
    const expected = until(err, /expected/);
    const lines: string[] = [];
    for await (const line of out) {
      lines.push(line);
      if (line.startsWith("It runs until Ctrl-C")) child.kill("SIGTERM");
    }
    expect(await exit).to.equal(0);
    expect(await expected).to.equal(
      "  expected to exist, so made here, empty: the table post in us-east-1, with the key id (S)",
    );
    const text = lines.join("\n");
    const address = /export AWS_ENDPOINT_URL=(\S+)/.exec(text)?.[1];
    expect(text).to.match(
      new RegExp(
        `\nwhat   name     where\n-+  -+  -+\nqueue  letters  ${address}/0{12}/letters-\\w{7}\nand 1 more, such as roles`,
      ),
    );
    expect(text)
      .to.match(/"url": "http:/)
      .and.to.match(/\nexport AWS_ACCESS_KEY_ID=ASIA/);
  });

  it("ends with another code when it is interrupted before it is up, and leaves nothing behind", async function () {
    this.timeout(60_000);
    const program = 'import { once } from "node:events"; console.error("on its way"); await once(process, "SIGINT");';
    writeFileSync(join(elsewhere, "notes/slow.mjs"), program);
    const { child, exit, err } = start("--program", "notes/slow.mjs", "--config", "greeting=Hello");
    await until(err, /^on its way$/);
    child.kill("SIGINT");
    expect(await exit).to.equal(130);
    expect(readdirSync(join(elsewhere, "tmp"))).to.deep.equal([]);
  });
});
