import { expect } from "chai";
import fc from "fast-check";
import { entries, key, linesOf } from "../../support/lines.ts";
import { pathsOf, withPart } from "../../support/parts.ts";

const keys = ["source", "maxReadersPerShard", "destinations", "alarms"];

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
      fc.asyncProperty(fc.constantFrom(...keys), text, async (setting, value) =>
        expectLines(await linesOf({ ...entries(everything), [key(setting)]: value })),
      ),
      { numRuns: 200, seed: 15 },
    );
    expect(await linesOf({ ...entries(everything), [key("maxReadersPerShard")]: "1e400" })).to.include(
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
      for (const setting of keys) {
        const lines = await linesOf({ ...entries(everything), [key(setting)]: deep });
        expectLines(lines);
        expect(lines.join("\n")).to.match(new RegExp(`^${setting}[:.]`, "m"));
      }
      for (const place of ["filters", "mapping", "kind", "queueArn", "consumer", "existing"]) {
        const lines = await linesOf({
          ...entries(everything),
          [key("destinations")]: `{"a":{"kind":"sqs","${place}":${deep}}}`,
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
