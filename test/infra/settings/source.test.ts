import { expect } from "chai";
import { graph } from "../../support/graph.ts";
import { refusal } from "../../support/refusal.ts";

const source = { hashKey: { name: "id", type: "S" } };
const events = { kind: "sqs" };

describe("the configuration of a new table", () => {
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
});
