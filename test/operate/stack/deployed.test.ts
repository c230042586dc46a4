import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { deployed } from "../../../operate/stack/deployed.ts";
import { selectConsumers } from "../../../operate/stack/outputs.ts";
import { UserError } from "../../../terminal/user-error.ts";

const consumer = (name: string, kind: string) => ({
  kind,
  function: `fanout-${name}-function`,
  logGroup: `fanout-${name}-log`,
  mapping: `mapping-of-${name}`,
  failureQueue: `https://sqs.eu-central-1.amazonaws.com/111122223333/fanout-${name}-failures`,
  sink: { tableName: "t" },
});
const outputs = {
  table: "films",
  stream: "arn:aws:dynamodb:eu-central-1:111122223333:table/films/stream/2026-01-01T00:00:00.000",
  destinations: {
    warehouse: consumer("tables", "redshift"),
    copy: consumer("tables", "replica"),
    events: consumer("events", "sqs"),
  },
};

describe("a deployed stack", () => {
  let folder: string;
  let environment: NodeJS.ProcessEnv;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "redrive-"));
    environment = { PATH: `${folder}:/usr/bin:/bin` };
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A Pulumi CLI that says what it was asked on stderr, and what it is told to. */
  const pulumi = (script: string) => writeFileSync(join(folder, "pulumi"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const printing = (value: unknown) => {
    writeFileSync(join(folder, "outputs.json"), JSON.stringify(value));
    pulumi(`echo "$@" > ${folder}/asked; cat ${folder}/outputs.json`);
  };
  const problem = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => expect.fail("nothing was wrong"),
      (reason) => reason,
    );
    expect(error).to.be.instanceOf(UserError);
    return error.message as string;
  };

  it("is asked for its secrets only if it has some", async () => {
    printing(outputs);
    await deployed("prod", environment);
    expect(readFileSync(join(folder, "asked"), "utf8")).to.equal(
      "stack output --json --stack prod --non-interactive\n",
    );
    const hidden = join(folder, "hidden.json");
    writeFileSync(hidden, JSON.stringify({ ...outputs, table: "[secret]", stream: "[secret]" }));
    pulumi(`case "$*" in *--show-secrets*) cat ${folder}/outputs.json;; *) cat ${hidden};; esac`);
    expect((await deployed("prod", environment)).region).to.equal("eu-central-1");
  });

  it("is found by its outputs: account, Region, and each consumer once", async () => {
    printing(outputs);
    const { title, region, consumers, wait } = await deployed("prod", environment);
    expect({ title, region, wait }).to.deep.equal({
      title: "stack prod in account 111122223333, eu-central-1",
      region: "eu-central-1",
      wait: 2,
    });
    expect(consumers).to.deep.equal([
      {
        destinations: ["warehouse", "copy"],
        function: "fanout-tables-function",
        mapping: "mapping-of-tables",
        queueUrl: "https://sqs.eu-central-1.amazonaws.com/111122223333/fanout-tables-failures",
        ordered: [],
      },
      {
        destinations: ["events"],
        function: "fanout-events-function",
        mapping: "mapping-of-events",
        queueUrl: "https://sqs.eu-central-1.amazonaws.com/111122223333/fanout-events-failures",
        ordered: ["events"],
      },
    ]);
    expect(selectConsumers(consumers, "copy")).to.deep.equal([consumers[0]]);
    expect(selectConsumers(consumers, undefined)).to.equal(consumers);
  });

  it("keeps the order at a destination of a kind that is not known here", async () => {
    printing({ ...outputs, destinations: { news: consumer("news", "of-a-later-version") } });
    const { consumers } = await deployed("prod", environment);
    expect(consumers.map(({ ordered }) => ordered)).to.deep.equal([["news"]]);
  });

  it("is asked of the user's own CLI, although npm puts its packages first", async () => {
    const packages = join(folder, "node_modules", ".bin");
    mkdirSync(packages, { recursive: true });
    writeFileSync(join(packages, "pulumi"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    printing(outputs);
    expect((await deployed("prod", { PATH: `${packages}:${environment.PATH}` })).region).to.equal("eu-central-1");
  });

  it("says what is wrong, and what to do", async () => {
    expect(await problem(deployed("prod", { PATH: folder }))).to.match(/^The Pulumi CLI was not found on the PATH/);
    pulumi("echo \"error: no stack named 'prod' found\" >&2; exit 255");
    expect(await problem(deployed("prod", environment))).to.equal(
      "The outputs of stack prod could not be read:\nerror: no stack named 'prod' found\n`pulumi stack ls` shows the stacks there are.",
    );
    pulumi('echo "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions" >&2; exit 255');
    expect(await problem(deployed("prod", environment))).to.match(/\n`pulumi login` signs you in\.$/);
    pulumi("echo 'Downloading pulumi v3.265.0...' >&2; echo 'pulumi: fetch failed' >&2; exit 1");
    expect(await problem(deployed("prod", environment))).to.equal(
      "The outputs of stack prod could not be read:\nDownloading pulumi v3.265.0...\npulumi: fetch failed\nInstall a Pulumi CLI on the PATH (https://www.pulumi.com/docs/iac/download-install/), or say --local for the stack that runs on this machine.",
    );
    pulumi("echo 'Downloading pulumi v3.265.0...' >&2; echo 'error: no such thing' >&2; exit 1");
    expect(await problem(deployed("prod", environment))).to.match(/\nerror: no such thing$/);
    pulumi("exit 3");
    expect(await problem(deployed("prod", environment))).to.match(
      /^The outputs of stack prod could not be read:\nCommand failed/,
    );
    pulumi("echo welcome");
    expect(await problem(deployed("prod", environment))).to.match(/did not print JSON:\nwelcome/);
    printing({ bucket: "b" });
    expect(await problem(deployed("prod", environment))).to.match(/^The stack's outputs are not those of a fan-out:\n/);
  });

  it("is not mixed up with the stack on this machine, whose variables somebody has pasted", async () => {
    printing(outputs);
    for (const [name, value] of [
      ["AWS_ENDPOINT_URL", "http://127.0.0.1:4711"],
      ["AWS_ENDPOINT_URL_SQS", "http://localhost:9324"],
    ] as const)
      expect(await problem(deployed("prod", { ...environment, [name]: value }))).to.equal(
        `${name} is ${value}, so AWS's own services would not be reached. Unset it, or say --local for the stack that runs on this machine.`,
      );
    const elsewhere = { ...environment, AWS_ENDPOINT_URL_SQS: "https://vpce-1.sqs.eu-central-1.vpce.amazonaws.com" };
    expect((await deployed("prod", elsewhere)).region).to.equal("eu-central-1");
  });
});
