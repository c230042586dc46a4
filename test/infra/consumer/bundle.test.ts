import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { bundle } from "../../../infra/consumer/bundle.ts";
import { kinds } from "../../../infra/kinds.ts";
import { Checkout } from "../../support/checkout.ts";

const root = join(import.meta.dirname, "../../..");
const all = Object.keys(kinds);

describe("a function's bundle", () => {
  it("has the same bytes wherever the repository lies, and in whatever order its kinds are named", () => {
    using checkout = new Checkout();
    const here = bundle(all);
    const modules = join(checkout.folder, "node_modules");
    unlinkSync(modules);
    for (const name of withDependencies(packages(here["index.mjs.map"])))
      cpSync(join(root, "node_modules", name), join(modules, name), { recursive: true });
    const there = bundle(all.toReversed(), checkout.folder);
    expect(there["index.mjs"]).to.equal(here["index.mjs"]);
    expect(there["index.mjs.map"]).to.equal(here["index.mjs.map"]);
  });

  it("tells nothing of the machine that made it", () => {
    for (const text of Object.values(bundle(all))) expect(text.includes(root)).to.equal(false);
    expect(JSON.parse(bundle(["sqs"])["index.mjs.map"])).to.not.have.property("sourcesContent");
  });

  it("has the handlers of its own kinds only", () => {
    const handlers = (names: readonly string[]) =>
      sources(bundle(names)["index.mjs.map"]).filter(
        (source) => source.match(/^handlers\/(kinds\/)?\w+\.ts$/) !== null,
      );
    expect(handlers(["sqs"])).to.have.members(["handlers/kinds/sqs.ts", "handlers/entry.ts"]);
    expect(handlers(["sqs", "replica", "sqs"])).to.have.members([
      "handlers/kinds/sqs.ts",
      "handlers/kinds/replica.ts",
      "handlers/entry.ts",
    ]);
    const clients = (names: readonly string[]) =>
      packages(bundle(names)["index.mjs.map"]).filter((name) => name.startsWith("@aws-sdk/client-"));
    expect(clients(["replica"])).to.deep.equal(["@aws-sdk/client-dynamodb"]);
    expect(clients(["sqs"])).to.have.members(["@aws-sdk/client-s3", "@aws-sdk/client-sqs"]);
    expect(clients(["redshift"])).to.have.members(["@aws-sdk/client-firehose", "@aws-sdk/client-s3"]);
  });

  it("is small enough to start in a moment", () => {
    expect(Buffer.byteLength(bundle(all)["index.mjs"])).to.be.lessThan(600_000);
  });

  it("needs nothing beside it but what it feeds and reads from, and its stack traces lead to the sources", async () => {
    const folder = mkdtempSync(join(tmpdir(), "fanout-bundle-"));
    try {
      for (const [name, text] of Object.entries(bundle(all))) writeFileSync(join(folder, name), text);
      const run = (destinations: string) => {
        writeFileSync(join(folder, "destinations.json"), destinations);
        writeFileSync(join(folder, "source.json"), "{}");
        return promisify(execFile)(
          process.execPath,
          ["-e", 'import("./index.mjs").then((m) => console.log(Object.keys(m)))'],
          {
            cwd: folder,
            env: {
              NODE_OPTIONS: "--enable-source-maps",
              AWS_REGION: "us-east-1",
            },
          },
        );
      };
      expect((await run("{}")).stdout).to.equal("[ 'handler' ]\n");
      const failed = await run('{"a":{"kind":"none"}}').catch((error) => error);
      expect(failed.stderr).to.match(/\/handlers\/core\/consumer\.ts:\d+/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function sources(map: string): string[] {
  return JSON.parse(map).sources;
}

function packages(map: string): string[] {
  const names = sources(map).flatMap((source) => source.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1] ?? []);
  return [...new Set(names)];
}

function withDependencies(names: readonly string[]): Set<string> {
  const all = new Set<string>(names);
  for (const name of all) {
    const { dependencies = {} } = JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8"));
    for (const dependency of Object.keys(dependencies)) all.add(dependency);
  }
  return all;
}
