import { expect } from "chai";
import * as handler from "../../handlers/replica.ts";
import { graph } from "../support/graph.ts";
import { refusal } from "../support/refusal.ts";

const source = { name: "films", hashKey: { name: "id", type: "S" } };
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

  it("may be in another Region, with a key there", async () => {
    const encryptionKey = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const made = await graph({ config: stack({ region: "eu-west-1", encryptionKey, tombstoneDays: 30 }) });
    expect(made.named("fanout-copy-replica").inputs).to.deep.include({
      region: "eu-west-1",
      serverSideEncryption: { enabled: true, kmsKeyArn: encryptionKey },
    });
    const { variables } = made.named("fanout-copy-function").inputs.environment as {
      variables: { DESTINATIONS: string };
    };
    expect(JSON.parse(variables.DESTINATIONS).copy.settings).to.deep.equal({
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
      config: stack({ existing: { tableName: "archive" }, region: "eu-west-1" }),
      tables: { archive: {} },
    });
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
      tables: { films: {} },
    });
    expect(elsewhere.of("aws:lambda/function:Function")).to.have.lengthOf(1);
  });

  it("says what its settings may be", async () => {
    expect(await refusal(stack({ region: "Ireland", tombstoneDays: 1, existing: {} }))).to.deep.equal([
      'destinations.copy.region: "Ireland" is not allowed; expected a Region, such as eu-west-1',
      "destinations.copy.existing.tableName: is missing; expected 3 to 255 letters, digits, `_`, `-` and `.`",
      "destinations.copy.tombstoneDays: 1 is not allowed; expected a whole number from 2 to 3650",
    ]);
  });
});
