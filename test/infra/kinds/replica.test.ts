import { expect } from "chai";
import * as handler from "../../../handlers/kinds/replica.ts";
import { connections } from "../../support/connections.ts";
import { graph } from "../../support/graph.ts";
import { refusal } from "../../support/refusal.ts";

const source = { name: "films", hashKey: { name: "id", type: "S" } };
const archive = {
  attributes: [{ name: "id", type: "S" }],
  hashKey: "id",
  ttl: { attributeName: "_fanout_expires", enabled: true },
};
const existing = { tableName: "archive" };
const stack = (settings: object) => ({ source, destinations: { copy: { kind: "replica", ...settings } } });

describe("kind replica", () => {
  it("expires tombstones by the attribute that the handler writes", async () => {
    const made = await graph({ config: stack({}) });
    expect(Object.values(handler)).to.include(
      (made.named("fanout-copy-replica").inputs.ttl as { attributeName: string }).attributeName,
    );
    expect(made.named("fanout-copy-replica").inputs).to.deep.include({ pointInTimeRecovery: { enabled: true } });
    expect(made.named("fanout-copy-replica").inputs).to.not.have.property("region");
  });

  it("needs no bucket, as an item that the source holds fits", async () => {
    const made = await graph({ config: stack({}) });
    expect(made.resources.filter(({ type }) => type.startsWith("aws:s3/"))).to.deep.equal([]);
    expect(String(made.named("fanout-copy-policy").inputs.policy)).to.not.include("s3:");
  });

  it("may be in another Region, with a key there", async () => {
    const encryptionKey = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const made = await graph({ config: stack({ region: "eu-west-1", encryptionKey, tombstoneDays: 30 }) });
    expect(made.named("fanout-copy-replica").inputs).to.deep.include({
      region: "eu-west-1",
      serverSideEncryption: { enabled: true, kmsKeyArn: encryptionKey },
    });
    const { copy } = await connections(made, "fanout-copy-function");
    expect(copy!.settings).to.deep.equal({
      tableName: "fanout-copy-replica-1234567",
      tombstoneDays: 30,
      region: "eu-west-1",
    });
    const { Statement } = JSON.parse(String(made.named("fanout-copy-policy").inputs.policy));
    expect(Statement.slice(-2)).to.deep.equal([
      {
        Sid: "Deliver0",
        Effect: "Allow",
        Action: ["dynamodb:PutItem"],
        Resource: ["arn:aws:dynamodb:eu-west-1:111122223333:table/fanout-copy-replica-1234567"],
      },
      { Sid: "Deliver1", Effect: "Allow", Action: ["kms:Decrypt"], Resource: [encryptionKey] },
    ]);
  });

  it("may be a table that exists", async () => {
    const made = await graph({
      config: stack({ existing, region: "eu-west-1" }),
      tables: { "eu-west-1/archive": archive },
    });
    expect(made.warnings).to.deep.equal([]);
    expect(made.of("aws:dynamodb/table:Table").map(({ name }) => name)).to.deep.equal(["fanout-table"]);
    const { Statement } = JSON.parse(String(made.named("fanout-copy-policy").inputs.policy));
    expect(Statement.at(-1).Resource).to.deep.equal(["arn:aws:dynamodb:eu-west-1:111122223333:table/archive"]);
  });

  it("is another table than the source", async () => {
    expect(await refusal(stack({ existing: { tableName: "films" }, deletionProtection: true }))).to.deep.equal([
      "destinations.copy.deletionProtection: says how to make a table, but `existing` names one; expected one of the two",
      'destinations.copy.existing.tableName: "films" is the source itself, and its changes would come back to it for ever; expected another table',
    ]);
    const elsewhere = await graph({
      config: stack({ existing: { tableName: "films" }, region: "eu-west-1" }),
      tables: { films: archive },
    });
    expect(elsewhere.of("aws:lambda/function:Function")).to.have.lengthOf(1);
  });

  it("is no other destination's table", async () => {
    const both = (one: object, other: object) => ({
      source,
      destinations: { copy: { kind: "replica", ...one }, again: { kind: "replica", ...other } },
    });
    const shared = "would share the table archive in us-east-1 with destinations.copy; expected one of its own";
    for (const region of [{}, { region: "us-east-1" }])
      expect(await refusal(both({ existing }, { existing, ...region }), { tables: { archive } })).to.deep.equal([
        `destinations.again: ${shared}`,
      ]);
    const apart = await graph({ config: both({ existing }, { existing, region: "eu-west-1" }), tables: { archive } });
    expect(apart.of("aws:lambda/function:Function")).to.have.lengthOf(2);
  });

  it("is a table that is there", async () => {
    const tables = { "us-east-1/archive": archive };
    expect(await refusal(stack({ existing, region: "eu-west-1" }), { tables })).to.deep.equal([
      'destinations.copy.existing.tableName: there is no table "archive" in eu-west-1; expected a table of this account and Region, or no `existing` to make one',
    ]);
  });

  it("has the source's key", async () => {
    const other = {
      ...archive,
      attributes: [
        { name: "at", type: "N" },
        { name: "id", type: "N" },
      ],
      rangeKey: "at",
    };
    expect(await refusal(stack({ existing }), { tables: { archive: other } })).to.deep.equal([
      'destinations.copy.existing.tableName: the key of "archive" is id (N), at (N); expected the source\'s key, id (S)',
    ]);
  });

  for (const ttl of [
    undefined,
    { attributeName: "", enabled: false },
    { attributeName: "expiresAt", enabled: true },
    { attributeName: "_fanout_expires", enabled: false },
  ])
    it(`warns where tombstones would stay, as with time to live ${JSON.stringify(ttl)}`, async () => {
      const made = await graph({ config: stack({ existing }), tables: { archive: { ...archive, ttl } } });
      expect(made.warnings).to.deep.equal([
        'destinations.copy.existing.tableName: "archive" keeps the tombstones of deleted items for good, because its time to live is not on for `_fanout_expires`; turn it on: aws dynamodb update-time-to-live --region us-east-1 --table-name archive --time-to-live-specification Enabled=true,AttributeName=_fanout_expires',
      ]);
    });

  it("has its KMS key in its own Region", async () => {
    const encryptionKey = "arn:aws:kms:us-east-1:111122223333:key/1234abcd";
    expect(await refusal(stack({ region: "eu-west-1", encryptionKey }))).to.deep.equal([
      "destinations.copy.encryptionKey: the key is in us-east-1; expected one in eu-west-1, where the table is",
    ]);
  });

  describe("with filters", () => {
    const converges =
      'no pattern lets a delete through, so deleted items would stay for ever; add a pattern for them, such as {"eventName":["REMOVE"]}';
    const filtered = (filters: unknown) => ({ ...stack({ filters }), source: { ...source, ttlAttribute: "until" } });
    const open = { dynamodb: { NewImage: { status: { S: ["OPEN"] } } } };

    for (const filters of [
      [open],
      [open, { eventName: ["INSERT", "MODIFY"] }],
      [{ $or: [open, { eventName: ["INSERT"] }] }],
      [{ dynamodb: { $or: [{ NewImage: { a: { N: ["1"] } } }, { NewImage: { b: { S: [{ exists: true }] } } }] } }],
      [{ eventName: [{ "anything-but": "REMOVE" }] }],
      [{ dynamodb: { Keys: { id: { S: [{ prefix: "a" }] } }, NewImage: { a: { L: { S: [{ suffix: "b" }] } } } } }],
    ])
      it(`never sees a delete through ${JSON.stringify(filters)}`, async () => {
        expect(await refusal(filtered(filters))).to.deep.equal([`destinations.copy.filters: ${converges}`]);
      });

    const notAll = converges.replace("no pattern lets a delete through", "some deletes match no pattern");
    const key = (rule: unknown) => ({ dynamodb: { Keys: { id: { S: [rule] } } } });
    for (const filters of [
      [{ $or: [open, { dynamodb: { OldImage: { status: { S: ["OPEN"] } } } }] }],
      [open, { eventName: ["REMOVE"], userIdentity: { type: ["Service"] } }],
      [open, { eventName: ["REMOVE"], userIdentity: { type: [{ exists: false }] } }],
      [
        { ...key({ prefix: "a" }), eventName: ["INSERT"] },
        { ...key({ prefix: "b" }), eventName: ["REMOVE"] },
      ],
      [open, key({ prefix: "b" })],
    ])
      it(`misses some deletes through ${JSON.stringify(filters)}`, async () => {
        expect(await refusal(filtered(filters))).to.deep.equal([`destinations.copy.filters: ${notAll}`]);
      });

    for (const filters of [
      [],
      [open, { eventName: ["REMOVE"] }],
      [{ dynamodb: { Keys: { id: { S: [{ prefix: "a" }] } } } }],
      [{ ...key({ prefix: "a" }), ...{ eventName: ["INSERT"] } }, key({ prefix: "a" })],
      [
        { dynamodb: { NewImage: { id: { S: [{ prefix: "a" }] } } } },
        { ...key({ prefix: "a" }), eventName: ["REMOVE"] },
      ],
      [{ eventName: ["REMOVE"], userIdentity: { type: ["Service"] } }],
      [{ dynamodb: { NewImage: { draft: { BOOL: [{ exists: false }] } } } }],
      [{ eventName: [{ "anything-but": ["INSERT"] }] }],
    ])
      it(`sees deletes through ${JSON.stringify(filters)}`, async () => {
        const made = await graph({ config: filtered(filters) });
        expect(made.of("fanout:index:Consumer")).to.have.lengthOf(1);
      });
  });

  it("says what its settings may be", async () => {
    expect(await refusal(stack({ region: "Ireland", tombstoneDays: 1, existing: {} }))).to.deep.equal([
      'destinations.copy.region: "Ireland" is no Region that this version of @pulumi/aws knows; expected one such as eu-west-1, or a later version',
      "destinations.copy.existing.tableName: is missing; expected 3 to 255 letters, digits, `_`, `-` and `.`",
      "destinations.copy.tombstoneDays: 1 is not allowed; expected a whole number from 2 to 3650",
    ]);
  });
});
