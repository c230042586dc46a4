import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import fc from "fast-check";
import { readSettings } from "../../../infra/stack/settings.ts";

const project = "dynamodb-fanout";

/** The lines with which a stack's settings are refused, given as text; none if they are taken. Anything else is thrown. */
async function linesOf(config: Readonly<Record<string, string>>): Promise<readonly string[]> {
  await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: notFound }, project);
  pulumi.runtime.setAllConfig({ "aws:region": "us-east-1", ...config });
  try {
    await readSettings(new pulumi.Config(project));
    return [];
  } catch (error) {
    if (!pulumi.RunError.isInstance(error)) throw error;
    return error.message.split("\n");
  } finally {
    await pulumi.runtime.disconnect();
  }
}

function notFound(): never {
  throw new Error("couldn't find resource");
}

const keys = ["source", "maxReadersPerShard", "destinations", "alarms"];
const entries = (settings: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [`${project}:${key}`, JSON.stringify(value) ?? "null"]),
  );

/** One line: a setting's path, a colon, and something about it; nothing that moves the cursor or reorders the text. */
const line =
  /^(source|maxReadersPerShard|destinations|alarms|aws:region)([.[][^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*)?: [^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u;

function expectLines(lines: readonly string[]): void {
  for (const each of lines) expect(each).to.match(line);
}

/** A stack that says something of everything. */
const everything = {
  source: {
    name: "films",
    hashKey: { name: "id", type: "S" },
    rangeKey: { name: "at", type: "N" },
    billingMode: "PROVISIONED",
    readCapacity: 5,
    writeCapacity: 5,
    encryptionKey: "arn:aws:kms:us-east-1:111122223333:key/1234abcd",
  },
  maxReadersPerShard: 5,
  alarms: { topicArn: "arn:aws:sns:us-east-1:111122223333:operators", oldestFailureHours: 2 },
  destinations: {
    a: {
      kind: "sqs",
      queueArn: "arn:aws:sqs:us-east-1:111122223333:orders.fifo",
      filters: [{ eventName: ["INSERT"] }],
    },
    b: {
      kind: "replica",
      region: "eu-west-1",
      consumer: "both",
      mapping: { batchSize: 5, maximumRetryAttempts: -1 },
      filters: ['{"eventName":["REMOVE","MODIFY"]}'],
    },
    c: {
      kind: "redshift",
      consumer: "both",
      function: { timeout: 60 },
      network: { vpcId: "vpc-0a1b2c3d", subnetIds: [] },
    },
    d: {
      kind: "redshift",
      schema: "lake",
      existing: {
        jdbcUrl: "jdbc:redshift://main.111122223333.us-east-1.redshift-serverless.amazonaws.com:5439/dev",
        adminSecretArn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:admin-AbCdEf",
      },
    },
  },
};

/** Paths of all parts of a value. */
function pathsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, part]) => pathsOf(part, [...path, key]))];
}

/** A copy of the stack with a part set. */
function withPart(value: unknown, [key, ...rest]: readonly string[], part: unknown): unknown {
  if (key === undefined) return part;
  const copy: Record<string, unknown> = Object.assign(Array.isArray(value) ? [] : {}, value);
  const inner = withPart(copy[key], rest, part);
  Object.defineProperty(copy, key, { value: inner, enumerable: true, configurable: true, writable: true });
  return copy;
}

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("__proto__", "constructor", "a\nb: c", "\u001b[2J", ""),
);
const anything = fc.oneof(
  fc.jsonValue(),
  text,
  fc.constantFrom(-1, 0, 1.5, 1e21, Number.MAX_SAFE_INTEGER, null, true, [], {}, [[]], "\ud800", "x".repeat(5000)),
);
const parts = pathsOf(everything).filter((path) => path.length > 0);
const mutation = fc.record({
  path: fc.constantFrom(...parts),
  below: fc.option(text, { nil: undefined }),
  part: anything,
});

describe("any input", () => {
  it("at all is taken, or refused in lines", async () => {
    const config = fc.dictionary(fc.constantFrom(...keys), anything);
    await fc.assert(
      fc.asyncProperty(config, async (settings) => expectLines(await linesOf(entries(settings)))),
      { numRuns: 400, seed: 15 },
    );
  });

  it("that is nearly right is taken, or refused in lines", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 5 }), async (mutations) => {
        const mutated = mutations.reduce<unknown>(
          (value, { path, below, part }) => withPart(value, below === undefined ? path : [...path, below], part),
          everything,
        );
        expectLines(await linesOf(entries(mutated as Record<string, unknown>)));
      }),
      { numRuns: 600, seed: 15 },
    );
  });

  it("that is no JSON is taken for text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...keys), text, async (key, value) =>
        expectLines(await linesOf({ ...entries(everything), [`${project}:${key}`]: value })),
      ),
      { numRuns: 200, seed: 15 },
    );
    expect(await linesOf({ ...entries(everything), [`${project}:maxReadersPerShard`]: "1e400" })).to.include(
      "maxReadersPerShard: Infinity is not allowed; expected a whole number of at least 1",
    );
  });

  const nested = (open: string, close: string) => `${open.repeat(60_000)}1${close.repeat(60_000)}`;
  for (const [what, deep] of [
    ["lists", nested("[", "]")],
    ["objects", nested('{"a":', "}")],
    ["both", nested('{"a":[', "]}")],
  ] as const)
    it(`nested 60,000 deep is refused in lines, as ${what}`, async () => {
      for (const key of keys) {
        const lines = await linesOf({ ...entries(everything), [`${project}:${key}`]: deep });
        expectLines(lines);
        expect(lines.join("\n")).to.match(new RegExp(`^${key}[:.]`, "m"));
      }
      for (const place of ["filters", "mapping", "kind", "queueArn", "consumer", "existing"]) {
        const lines = await linesOf({
          ...entries(everything),
          [`${project}:destinations`]: `{"a":{"kind":"sqs","${place}":${deep}}}`,
        });
        expectLines(lines);
        expect(lines).to.include("destinations: is nested more than 100 levels deep; expected less");
      }
      const filters = [`{"dynamodb":${deep}}`];
      expect(await linesOf(entries({ ...everything, destinations: { a: { kind: "sqs", filters } } }))).to.deep.equal([
        "destinations.a.filters[0]: is nested more than 100 levels deep, as no item can be",
      ]);
    });

  it("with very many settings is refused in lines", async () => {
    const many = Object.fromEntries(Array.from({ length: 130_000 }, (_, index) => [`k${index}`, 1]));
    const lines = await linesOf(entries({ ...everything, destinations: { a: { kind: "sqs", mapping: many } } }));
    expect(lines).to.have.lengthOf(130_000);
  });
});
