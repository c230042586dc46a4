import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { readStackConfig } from "../local/engine/program/stack-config.ts";
import { type RunOptions, type RunResult, runProgram } from "./support/pulumi-engine.ts";
import { stacks } from "./support/stacks.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const account = "111122223333";

/** Runs the program as the CLI would run it for the dev stack. */
function run(
  options: Pick<RunOptions, "dryRun" | "nodeOptions"> & { overrides?: Record<string, unknown> },
): Promise<RunResult> {
  const { overrides = {}, ...rest } = options;
  const { project, config } = readStackConfig({ root: stacks.root, stack: "dev", overrides });
  return runProgram({ root, project, stack: "dev", config, outputs, invokes, ...rest });
}

/** What AWS would make up, whatever the resource: each reads from it what it knows. */
function outputs(type: string, name: string): Record<string, unknown> {
  const arn = `arn:aws:${type.split(/[:/]/)[1]}:us-east-1:${account}:${name}`;
  return {
    arn,
    name: `${name}-1234567`,
    bucket: `${name}-1234567`,
    url: `https://sqs.us-east-1.amazonaws.com/${account}/${name}`,
    uuid: "6b5a8c1e-0000-4000-8000-000000000000",
    streamArn: `${arn}/stream/2026-01-01T00:00:00.000`,
    adminPasswordSecretArn: `${arn}-admin`,
    endpoints: [{ address: `main.${account}.us-east-1.redshift-serverless.amazonaws.com`, port: 5439 }],
    result: "Aq7Zx3Rt9Lm2Kp5Vw8Nc4Bd6Hf1Js0Yg",
    hex: "0123456789abcdef".repeat(4),
  };
}

const invokes = {
  "aws:index/getRegion:getRegion": { region: "us-east-1" },
  "aws:index/getCallerIdentity:getCallerIdentity": { accountId: account },
  "aws:index/getAvailabilityZones:getAvailabilityZones": { names: ["us-east-1a", "us-east-1b", "us-east-1c"] },
};

describe("the program, loaded as the Pulumi CLI loads it", function () {
  this.timeout(60_000); // each run is a process of its own, which loads everything anew
  let preview: RunResult;
  let update: RunResult;
  before(async () => {
    [preview, update] = await Promise.all([run({ dryRun: true }), run({ dryRun: false })]);
  });

  it("ends well, and says nothing", () => {
    for (const { exitCode, messages, terminal } of [preview, update])
      expect({ exitCode, messages, terminal }).to.deep.equal({ exitCode: 0, messages: [], terminal: "" });
  });

  it("registers the dev stack", () => {
    const counts = (type: string) => update.resources.filter((one) => one.type === type).length;
    expect(counts("aws:dynamodb/table:Table")).to.equal(2);
    expect(counts("aws:lambda/function:Function")).to.equal(4);
    expect(counts("aws:lambda/eventSourceMapping:EventSourceMapping")).to.equal(3);
    expect(counts("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream")).to.equal(1);
    expect(counts("pulumi:pulumi:Stack")).to.equal(1);
  });

  it("registers the same in a preview, where nothing is known that AWS makes up", () => {
    const names = ({ resources }: RunResult) =>
      resources.map(({ type, name, parent }) => `${parent} > ${type} ${name}`).sort();
    expect(names(preview)).to.deep.equal(names(update));
  });

  it("hands over a function's code", () => {
    const [code] = update.resources
      .filter(({ type }) => type === "aws:lambda/function:Function")
      .map(({ inputs }) => inputs.code);
    expect(JSON.stringify(code)).to.include("export{").and.include("index.mjs");
  });

  it("gives out the stack's outputs", () => {
    expect(Object.keys(preview.stackOutputs!).sort()).to.deep.equal(["alarms", "destinations", "stream", "table"]);
    const { table, stream, destinations } = update.stackOutputs as {
      table: string;
      stream: string;
      destinations: Record<string, { kind: string; sink: Record<string, string> }>;
    };
    expect(table).to.equal("fanout-table-1234567");
    expect(stream).to.equal(`arn:aws:dynamodb:us-east-1:${account}:fanout-table/stream/2026-01-01T00:00:00.000`);
    expect(Object.entries(destinations).map(([name, { kind }]) => [name, kind])).to.deep.equal([
      ["copy", "replica"],
      ["events", "sqs"],
      ["warehouse", "redshift"],
    ]);
    expect(destinations.warehouse!.sink).to.deep.include({
      deliveryStream: "fanout-warehouse-stream-1234567",
      changeLog: "fanout.warehouse_changes",
      currentView: "fanout.warehouse_current",
    });
  });

  it("says what is needed on a Node that cannot run TypeScript, and makes nothing", async () => {
    const { exitCode, messages, terminal, resources } = await run({
      dryRun: true,
      nodeOptions: "--no-experimental-strip-types",
    });
    expect({ exitCode, terminal }).to.deep.equal({ exitCode: 32, terminal: "" });
    expect(messages).to.deep.equal([
      `This program needs a Node.js that runs TypeScript, which is 22.18, 23.6 or newer, and the Pulumi CLI found ${process.versions.node} (${process.execPath}). Put a newer one on the PATH, or say \`npm run preview\` and \`npm run up\`: these use the Node.js that \`npm ci\` has installed with the packages.`,
    ]);
    expect(resources.filter(({ custom }) => custom)).to.deep.equal([]);
  });

  it("ends a stack with mistakes by one clean message, before anything is made", async () => {
    const overrides = {
      "fanout:maxReadersPerShard": 0,
      "fanout:destinations": {
        warehouse: { kind: "redshift", bufferingInterval: 10 },
        events: { kind: "sqss" },
      },
    };
    const { exitCode, messages, terminal, resources, stackOutputs } = await run({ dryRun: true, overrides });
    expect(exitCode).to.equal(32); // the CLI reads it as: the user has been told
    expect(messages).to.have.length(1);
    const lines = messages[0]!.split("\n");
    expect(lines.map((line) => line.split(": ")[0])).to.have.members([
      "maxReadersPerShard",
      "destinations.warehouse.bufferingInterval",
      "destinations.events.kind",
    ]);
    expect(messages[0]).not.to.match(/^\s+at /m);
    expect(terminal).to.equal("");
    expect(resources.filter(({ custom }) => custom)).to.deep.equal([]);
    expect(stackOutputs ?? {}).to.deep.equal({});
  });
});
