import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import fc from "fast-check";
import { type Graph, graph } from "../../support/graph.ts";
import { entries, key, linesOf } from "../../support/lines.ts";
import { pathsOf, withPart } from "../../support/parts.ts";
import { refusal } from "../../support/refusal.ts";

const all = ["source", "destinations", "alarms"].map(key);

/** A stack of which every text says so. */
const config = {
  source: {
    name: "hushtable",
    hashKey: { name: "hushkey", type: "S" },
    ttlAttribute: "hushexpiry",
    encryptionKey: "arn:aws:kms:us-east-1:111122223333:key/hush-key-of-source",
  },
  maxReadersPerShard: 9,
  alarms: { email: "hush@example.com" },
  destinations: {
    a: {
      kind: "sqs",
      queueArn: "arn:aws:sqs:us-east-1:111122223333:hushqueue.fifo",
      maximumMessageSize: 262_144,
      encryptionKey: "arn:aws:kms:us-east-1:111122223333:key/hush-key-of-queue",
      filters: [{ dynamodb: { Keys: { hushkey: { S: ["hushvalue"] } } } }],
    },
    b: { kind: "replica", existing: { tableName: "hushcopy" }, tombstoneDays: 2718 },
    c: {
      kind: "redshift",
      schema: "hushschema",
      table: "hushlog",
      existing: {
        jdbcUrl: "jdbc:redshift://hushhouse.111122223333.us-east-1.redshift-serverless.amazonaws.com:5439/hushbase",
        adminSecretArn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:hushadmin-AbCdEf",
      },
    },
    d: {
      kind: "redshift",
      database: "hushother",
      network: { vpcId: "vpc-0a1b2c3d", subnetIds: ["subnet-0a1b2c3d", "subnet-0b1b2c3d", "subnet-0c1b2c3d"] },
    },
    e: { kind: "sqs", mapping: { batchSize: 2718 } },
  },
};
const hushed = /hush|2718|0[abc]1b2c3d/;
const copy = {
  attributes: [{ name: "hushkey", type: "S" }],
  hashKey: "hushkey",
  ttl: { enabled: true, attributeName: "_fanout_expires" },
};
const tables = { hushcopy: copy };

const runs = new Map<string, Promise<Graph>>();
/** What is made of the stack where these keys are secret. */
function made(secretKeys: readonly string[]): Promise<Graph> {
  const id = secretKeys.join();
  const run = runs.get(id) ?? graph({ config, secretKeys, tables });
  runs.set(id, run);
  return run;
}

/** Where inputs show one of these texts in clear, as `resource.input`. */
async function shown({ resources }: Graph, text: RegExp): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { name, inputs, secrets } of resources)
    for (const [input, value] of Object.entries(inputs))
      if (!secrets.includes(input) && text.test(await textOf(value))) found.push(`${name}.${input}`);
  return found;
}

async function textOf(value: unknown): Promise<string> {
  if (!pulumi.asset.Archive.isInstance(value)) return JSON.stringify(value);
  const assets = await (value as pulumi.asset.AssetArchive).assets;
  return (await Promise.all(Object.values(assets).map((asset) => (asset as pulumi.asset.StringAsset).text))).join("\n");
}

/** Where the outputs of components and of the stack show one of these texts in clear, as `name.path`. */
function exported({ registered }: Graph, text: RegExp): readonly string[] {
  const found: string[] = [];
  for (const { name, outputs, secrets } of registered) {
    const walk = (value: unknown, path: string): void => {
      if (secrets.includes(path)) return;
      if (typeof value !== "object" || value === null) {
        if (text.test(String(value))) found.push(`${name}.${path}`);
        return;
      }
      for (const [key, part] of Object.entries(value)) walk(part, path === "" ? key : `${path}.${key}`);
    };
    walk(outputs, "");
  }
  return found;
}

describe("secret settings", () => {
  it("are in clear where they are no secret, so that the others are seen", async () => {
    const graphOf = await made([]);
    const places = await shown(graphOf, hushed);
    for (const place of [
      "fanout-table.name",
      "fanout-a-function.environment",
      "fanout-a-policy.policy",
      "fanout-a-mapping.filterCriteria",
      "fanout-alarms-email.endpoint",
      "fanout-c-setup-policy.policy",
      "fanout-c-stream.redshiftConfiguration",
      "fanout-d-warehouse-namespace.dbName",
      "fanout-d-warehouse-network-access.vpcId",
    ])
      expect(places).to.include(place);
    expect(exported(graphOf, hushed)).to.include.members([
      "dynamodb-fanout-test.table",
      "dynamodb-fanout-test.destinations.a.sink.queueArn",
      "fanout-a.queueArn",
    ]);
  });

  it("are secret in all that is made of them", async () => {
    const everything = await made(all);
    expect(await shown(everything, hushed)).to.deep.equal([]);
    expect(exported(everything, hushed)).to.deep.equal([]);
    const adopted = await graph({
      config: { ...config, source: { existing: { tableName: "hushtable" } } },
      secretKeys: ["source", "destinations"].map(key),
      tables: {
        ...tables,
        hushtable: {
          ...copy,
          ttl: { enabled: false, attributeName: "" },
          streamEnabled: true,
          streamArn: "arn:aws:dynamodb:us-east-1:111122223333:table/hushtable/stream/1",
          streamViewType: "NEW_AND_OLD_IMAGES",
          replicas: [],
        },
      },
    });
    expect(await shown(adopted, /hush(?!@)/)).to.deep.equal([]);
    expect(exported(adopted, /hush(?!@)/)).to.deep.equal([]);
  });

  for (const [secret, text] of [
    ["source", /hushtable|hush-key-of-source|hushexpiry/],
    ["alarms", /hush@/],
    [
      "destinations",
      /hushqueue|hush-key-of-queue|hushcopy|hushschema|hushlog|hushhouse|hushbase|hushadmin|hushother|hushvalue|2718|0[abc]1b2c3d/,
    ],
  ] as const)
    it(`are secret where \`${secret}\` alone is`, async () => {
      const one = await made([key(secret)]);
      expect(await shown(one, text)).to.deep.equal([]);
      expect(exported(one, text)).to.deep.equal([]);
    });

  it("leave what is made of others as it was", async () => {
    const [before, after] = [await made([]), await made([key("alarms")])];
    const table = (one: Graph) => one.named("fanout-table").secrets;
    expect(table(after)).to.deep.equal(table(before));
    expect(after.named("fanout-a-claims", "aws:s3/bucket:Bucket").secrets).to.deep.equal([]);
    expect(after.named("fanout-alarms-email").secrets).to.include("endpoint");
    expect(exported(after, /hushtable/)).to.include("dynamodb-fanout-test.table");
  });

  it("are not in the lines that refuse them", async () => {
    const bad = {
      source: {
        ...config.source,
        hashKey: { name: "hushkey", type: "hush" },
        rangeKey: { name: "hushkey", type: "S" },
      },
      alarms: { email: "hush at example.com", topicArn: "arn:aws:sns:eu-west-1:111122223333:hush" },
      destinations: {
        a: { ...config.destinations.a, queueArn: "arn:aws:sqs:eu-west-1:111122223333:hushqueue", images: "hush" },
        b: { kind: "replica", existing: { tableName: "hushmissing" } },
        c: { ...config.destinations.c, existing: { jdbcUrl: `hush${"x".repeat(100)}hush`, adminSecretArn: 2718 } },
        d: { ...config.destinations.c, filters: ['{"hush":["hush"]}', '{"dynamodb":{"hush":[{"hushed":1}]}}'] },
        e: { ...config.destinations.c, consumer: "d", mapping: { batchSize: 27 } },
        f: ["hush", "hushed"],
        g: { kind: "sqs", consumer: "d", mapping: { batchSize: 31 }, fifo: false },
      },
    };
    const options = { secretKeys: all };
    const lines = await refusal({ ...config, ...bad }, options);
    expect(lines.join("\n")).to.not.match(/hush|2718|eu-west-1|\b27\b|\b31\b/);
    expect(lines).to.include.members([
      "source.hashKey.type: is not allowed; expected one of S, N, B",
      "alarms.email: is not allowed; expected an e-mail address",
      "destinations.a.images: is not allowed; expected one of typed, plain",
      'destinations.g.mapping.batchSize: [secret] contradicts [secret] of destinations.e, which shares the consumer "d"; expected one value, said once',
    ]);
    expect(lines).to.have.lengthOf((await refusal({ ...config, ...bad })).length);
    expect((await refusal({ ...config, ...bad })).join("\n")).to.match(/hushmissing/);
  });

  it("are not in any line, wherever they stand", async () => {
    const places = pathsOf(config).filter((path) => path.length > 1 && !["kind", "consumer"].includes(path.at(-1)!));
    const secret = fc
      .array(fc.constantFrom("hush", "-", "_", ".", ":", "/", "@", " ", '"', "é", "0", "'"), {
        minLength: 1,
        maxLength: 30,
      })
      .map((signs) => `hush${signs.join("")}`);
    const changes = fc.array(fc.tuple(fc.constantFrom(...places), secret), { minLength: 1, maxLength: 6 });
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(changes, async (made) => {
        const changed = made.reduce<unknown>((value, [path, text]) => withPart(value, path, text), config);
        const lines = await linesOf(entries(changed as Record<string, unknown>), all);
        if (lines.length > 0) refused++;
        expect(lines.join("\n")).to.not.match(/hush/);
      }),
      { numRuns: 300, seed: 16 },
    );
    expect(refused).to.be.greaterThan(200);
  });

  it("are not in warnings", async () => {
    const forGood = { hushcopy: { ...copy, ttl: { enabled: false } } };
    const { warnings } = await graph({ config, secretKeys: [key("destinations")], tables: forGood });
    expect(warnings.join("\n")).to.include("destinations.b.existing.tableName").and.not.match(/hush/);
    expect((await graph({ config, tables: forGood })).warnings.join("\n")).to.match(/hushcopy/);
  });
});
