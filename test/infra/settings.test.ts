import { expect } from "chai";
import { graph } from "../support/graph.ts";
import { refusal } from "../support/refusal.ts";

const source = { hashKey: { name: "id", type: "S" } };
const events = { kind: "sqs" };

/** The refusal of one destination `a`, beside nothing else that is wrong. */
const refusalOf = (destination: unknown) => refusal({ source, destinations: { a: destination } });

describe("the configuration", () => {
  it("with six mistakes is refused in six lines, before anything is created", async () => {
    const lines = await refusal({
      source: { hashKey: { name: "id", type: "X" }, rangKey: { name: "at", type: "N" } },
      maxReadersPerShard: 0,
      destinations: {
        a: { kind: "sqss" },
        b: { kind: "replica", consumer: "a", mapping: { batchSize: 20_000 }, function: { memory: 256 } },
      },
    });
    expect(lines).to.deep.equal([
      'source.hashKey.type: "X" is not allowed; expected one of S, N, B',
      "source.rangKey: is not a setting; did you mean `rangeKey`?",
      "maxReadersPerShard: 0 is not allowed; expected a whole number of at least 1",
      'destinations.a.kind: "sqss" is not a kind; did you mean `sqs`? expected one of redshift, sqs, replica',
      "destinations.b.mapping.batchSize: 20000 is not allowed; expected a whole number from 1 to 10000",
      "destinations.b.function.memory: is not a setting; did you mean `memorySize`?",
    ]);
  });

  it("needs a source and at least one destination", async () => {
    expect(await refusal({})).to.deep.equal([
      "source: is missing; expected `hashKey` and further settings of a table to make, or `existing.tableName` of one to adopt",
      "destinations: there are none; expected at least one, such as `events: { kind: sqs }`",
    ]);
    expect(await refusal({ source, destinations: {} })).to.have.lengthOf(1);
    expect(await refusal({ source: "films", destinations: ["events"] })).to.deep.equal([
      'source: "films" is not allowed; expected `hashKey` and further settings of a table to make, or `existing.tableName` of one to adopt',
      'destinations: ["events"] is not allowed; expected destinations by name',
    ]);
  });

  it("needs a Region", async () => {
    const { AWS_REGION, AWS_DEFAULT_REGION, ...rest } = process.env;
    const before = process.env;
    process.env = rest;
    try {
      const none =
        "aws:region: is missing; expected a Region: `pulumi config set aws:region us-east-1`, or AWS_REGION in the environment";
      expect(await refusal({ source, destinations: { events }, "aws:region": undefined })).to.deep.equal([none]);
      expect(
        await refusal({
          source: { existing: { tableName: "orders" }, name: "orders" },
          destinations: {
            a: { kind: "sqss" },
            b: { kind: "sqs", queueArn: "arn:aws:sqs:us-east-1:111122223333:a", fifo: false },
            c: { kind: "replica", existing: { tableName: "copy" }, deletionProtection: true },
            d: { kind: "redshift", baseCapacity: 32, maxCapacity: 16 },
          },
          maxReadersPerShard: 4,
          "aws:region": undefined,
        }),
      ).to.deep.equal([
        none,
        "source.name: says how to make a table, but `existing` adopts one as it is; expected one of the two",
        'destinations.a.kind: "sqss" is not a kind; did you mean `sqs`? expected one of redshift, sqs, replica',
        "destinations.b.fifo: says how to make a queue, but queueArn names one that exists; expected one of the two",
        "destinations.c.deletionProtection: says how to make a table, but `existing` names one; expected one of the two",
        "destinations.d.maxCapacity: 16 is not allowed; expected at least baseCapacity, which is 32",
      ]);
    } finally {
      process.env = before;
    }
  });

  it("knows every key at the top", async () => {
    expect(await refusal({ source, destinations: { events }, destination: {}, alarms: true })).to.deep.equal([
      "destination: is not a setting; did you mean `destinations`?",
      "alarms: is not a setting; allowed here: source, maxReadersPerShard, destinations",
    ]);
  });

  for (const name of ["Events", "9lives", "two words", "a".repeat(31)])
    it(`takes no destination called ${name}`, async () => {
      expect(await refusal({ source, destinations: { [name]: events } })).to.deep.equal([
        `destinations.${name}: "${name}" is not allowed as a name; expected 1 to 30 lower-case letters, digits and \`-\`, beginning with a letter`,
      ]);
    });

  it("says which kinds there are", async () => {
    const kinds = "expected one of redshift, sqs, replica";
    expect(await refusalOf({})).to.deep.equal([`destinations.a.kind: is missing; ${kinds}`]);
    expect(await refusalOf({ kind: 5 })).to.deep.equal([`destinations.a.kind: 5 is not a kind; ${kinds}`]);
    expect(await refusalOf({ kind: "toString" })).to.deep.equal([
      `destinations.a.kind: "toString" is not a kind; ${kinds}`,
    ]);
    expect(await refusalOf("sqs")).to.deep.equal([
      'destinations.a: "sqs" is not allowed; expected settings (kind, consumer, filters, mapping, function and the kind\'s own)',
    ]);
  });

  it("knows every key of a destination, and where a misplaced one belongs", async () => {
    expect(await refusalOf({ kind: "sqs", fifoo: true, batchSize: 5, memorySize: 256, colour: "red" })).to.deep.equal([
      "destinations.a.fifoo: is not a setting; did you mean `fifo`?",
      "destinations.a.batchSize: is not a setting; did you mean `mapping.batchSize`?",
      "destinations.a.memorySize: is not a setting; did you mean `function.memorySize`?",
      "destinations.a.colour: is not a setting; allowed here: queueArn, encryptionKey, images, fifo, messageRetentionSeconds, visibilityTimeoutSeconds, maxReceiveCount, claimCheckDays",
    ]);
  });

  const ranges: readonly [setting: string, least: number, most: number, unlimited?: boolean][] = [
    ["mapping.batchSize", 1, 10_000],
    ["mapping.maximumBatchingWindowInSeconds", 0, 300],
    ["mapping.parallelizationFactor", 1, 10],
    ["mapping.maximumRetryAttempts", 0, 10_000, true],
    ["mapping.maximumRecordAgeInSeconds", 60, 604_800, true],
    ["function.memorySize", 128, 10_240],
    ["function.timeout", 1, 900],
  ];
  for (const [setting, least, most, unlimited = false] of ranges)
    it(`takes ${setting} from ${least} to ${most}, as AWS does`, async () => {
      const [group, key] = setting.split(".") as [string, string];
      const given = (value: unknown) => ({ kind: "sqs", [group]: { [key]: value } });
      const bad = [least - (unlimited ? 2 : 1), most + 1, least + 0.5, "many"];
      const expected = `expected a whole number from ${least} to ${most}${unlimited ? ", or -1 for no limit" : ""}`;
      for (const value of bad)
        expect(await refusalOf(given(value))).to.deep.equal([
          `destinations.a.${setting}: ${JSON.stringify(value)} is not allowed; ${expected}`,
        ]);
      const good = await graph({ config: { source, destinations: { a: given(least), b: given(most) } } });
      expect(good.of("aws:lambda/function:Function")).to.have.lengthOf(2);
    });

  it("takes the log levels and retentions that AWS offers", async () => {
    expect(
      await refusalOf({
        kind: "sqs",
        function: { logLevel: "info", logRetentionDays: 2, reservedConcurrentExecutions: 0 },
      }),
    ).to.deep.equal([
      "destinations.a.function.logRetentionDays: 2 is not allowed; expected one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
      'destinations.a.function.logLevel: "info" is not allowed; expected one of TRACE, DEBUG, INFO, WARN, ERROR, FATAL',
      "destinations.a.function.reservedConcurrentExecutions: 0 is not allowed; expected a whole number of at least 1",
    ]);
  });

  it("lets a failing record hold its shard for ever in no way", async () => {
    const mapping = { maximumRetryAttempts: -1, maximumRecordAgeInSeconds: -1 };
    expect(await refusalOf({ kind: "sqs", mapping })).to.deep.equal([
      "destinations.a.mapping: retries and record age are both without limit, so a record that always fails would hold its shard for a day and then be lost; expected a limit for one of maximumRetryAttempts, maximumRecordAgeInSeconds",
    ]);
  });

  it("takes capacities with provisioned billing only", async () => {
    const given = (more: object) => refusal({ source: { ...source, ...more }, destinations: { events } });
    expect(await given({ billingMode: "PROVISIONED", readCapacity: 5 })).to.deep.equal([
      "source.writeCapacity: is missing; billingMode PROVISIONED needs a whole number of at least 1",
    ]);
    expect(await given({ readCapacity: 5 })).to.deep.equal([
      "source.readCapacity: has no meaning without billingMode PROVISIONED; leave it out, or set billingMode",
    ]);
    expect(await given({ rangeKey: { name: "id", type: "S" } })).to.deep.equal([
      'source.rangeKey.name: "id" is the hash key already; expected the name of another attribute',
    ]);
  });

  it("takes a KMS key of the table's Region only", async () => {
    const encryptionKey = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd";
    expect(await refusal({ source: { ...source, encryptionKey }, destinations: { events } })).to.deep.equal([
      "source.encryptionKey: the key is in eu-west-1; expected one in us-east-1, where the table is",
    ]);
  });

  it("gives each destination a change log of its own", async () => {
    const at = (host: string, more: object) => ({
      kind: "redshift",
      schema: "lake",
      existing: {
        jdbcUrl: `${host}.111122223333.us-east-1.redshift-serverless.amazonaws.com:5439/dev`,
        adminSecretArn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:admin-AbCdEf",
      },
      ...more,
    });
    const [main, same] = ["jdbc:redshift://main", "jdbc:postgresql://main"];
    const twice = { "a-b": at(main, {}), c: at(same, { table: "a_b" }), d: at(main, { table: "d" }) };
    expect(await refusal({ source, destinations: twice, maxReadersPerShard: 3 })).to.deep.equal([
      "destinations.c: would share lake.a_b_changes in main.111122223333.us-east-1.redshift-serverless.amazonaws.com/dev with destinations.a-b; expected one of its own",
    ]);
    const apart = { a: at(main, {}), b: at(main, { table: "a", schema: "pond" }), c: at("jdbc:redshift://bi", {}) };
    const made = await graph({ config: { source, destinations: apart, maxReadersPerShard: 3 } });
    expect(made.of("fanout:index:Destination")).to.have.lengthOf(3);
  });

  it("makes the source with everything that can be said of it", async () => {
    const encryptionKey = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const made = await graph({
      config: {
        source: {
          ...source,
          name: "films",
          rangeKey: { name: "at", type: "N" },
          billingMode: "PROVISIONED",
          readCapacity: 5,
          writeCapacity: 6,
          streamViewType: "NEW_IMAGE",
          encryptionKey,
        },
        destinations: { copy: { kind: "replica" } },
      },
    });
    const key = {
      attributes: [
        { name: "id", type: "S" },
        { name: "at", type: "N" },
      ],
      hashKey: "id",
      rangeKey: "at",
    };
    expect(made.named("fanout-table").inputs).to.deep.equal({
      ...key,
      name: "films",
      billingMode: "PROVISIONED",
      readCapacity: 5,
      writeCapacity: 6,
      streamEnabled: true,
      streamViewType: "NEW_IMAGE",
      pointInTimeRecovery: { enabled: false },
      deletionProtectionEnabled: false,
      serverSideEncryption: { enabled: true, kmsKeyArn: encryptionKey },
    });
    expect(made.named("fanout-copy-replica").inputs).to.deep.include(key);
    const { Statement } = JSON.parse(String(made.named("fanout-copy-policy").inputs.policy));
    expect(Statement).to.deep.include({
      Sid: "DecryptStream",
      Effect: "Allow",
      Action: ["kms:Decrypt"],
      Resource: [encryptionKey],
    });
  });

  for (const [kind, view, needed] of [
    ["replica", "KEYS_ONLY", "NEW_IMAGE or NEW_AND_OLD_IMAGES"],
    ["replica", "OLD_IMAGE", "NEW_IMAGE or NEW_AND_OLD_IMAGES"],
    ["redshift", "KEYS_ONLY", "NEW_IMAGE or NEW_AND_OLD_IMAGES"],
  ])
    it(`refuses kind ${kind} on a stream of ${view}`, async () => {
      expect(
        await refusal({ source: { ...source, streamViewType: view }, destinations: { a: { kind } } }),
      ).to.deep.equal([
        `destinations.a.kind: kind "${kind}" cannot work with the stream view type ${view}; expected ${needed}: set source.streamViewType to NEW_AND_OLD_IMAGES, or leave it out`,
      ]);
    });

  for (const view of ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"])
    it(`takes kind sqs on a stream of ${view}`, async () => {
      const { named } = await graph({
        config: { source: { ...source, streamViewType: view }, destinations: { events } },
      });
      expect(named("fanout-table").inputs.streamViewType).to.equal(view);
    });
});
