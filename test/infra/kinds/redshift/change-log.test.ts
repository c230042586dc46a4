import { expect } from "chai";
import { password, provisioned, sealed } from "./provisioned.ts";

const name = "fanout-sales-events";
const adminSecret = "arn:aws:redshiftserverless:us-east-1:111122223333:fanout-sales-events-warehouse-namespace-admin";
const workgroup = "dynamodb-fanout-dev-fanout-sales-events";

describe("the change log in a new warehouse", () => {
  let made: Awaited<ReturnType<typeof provisioned>>;
  before(async () => {
    made = await provisioned({});
  });

  it("runs its statements in order, as the administrator", () => {
    const statements = made.resources.filter(({ type }) => type === "aws:redshiftdata/statement:Statement");
    for (const { inputs } of statements)
      expect(inputs).to.deep.include({ workgroupName: workgroup, secretArn: adminSecret, database: "fanout" });
    const waits = Object.fromEntries(
      statements.map((one) => [one.name.replace(`${name}-change-log-`, ""), one.dependencies]),
    );
    expect(waits.table).to.include(`${name}-change-log-schema`);
    expect(waits.view).to.include(`${name}-change-log-table`);
    expect(waits["loader-procedure"]).to.include(`${name}-change-log-view`);
    expect(waits["loader-user"]).to.include(`${name}-change-log-loader-procedure`);
    expect(waits.schema).to.include(`${name}-warehouse-public`);
    const stream = made.find("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream").dependencies;
    expect(stream).to.include.members([
      `${name}-change-log-table`,
      `${name}-change-log-loader-user`,
      `${name}-change-log-loader-secret-version`,
      `${name}-stream-policy`,
      `${name}-staging-tls-only`,
    ]);
  });

  it("shows the loader's password to the secret alone, and its hash to nobody", () => {
    const holders = made.resources.filter(({ inputs }) => JSON.stringify(inputs).includes(password));
    expect(holders.map(({ type }) => type)).to.deep.equal(["aws:secretsmanager/secretVersion:SecretVersion"]);
    const open = made.resources.filter(({ raw }) =>
      JSON.stringify(sealed(raw)).match(new RegExp(`${password}|sha256`)),
    );
    expect(open).to.deep.equal([]);
    const login = JSON.parse(holders[0]!.inputs.secretString as string);
    expect(login).to.deep.equal({
      username: "dynamodb_fanout_dev_fanout_sales_events_loader_d9a318c1",
      password,
    });
    const call = made.find("aws:redshiftdata/statement:Statement", `${name}-change-log-loader-user`).inputs.sql;
    expect(call).to.match(
      /^CALL "fanout"\."sp_sales_events_loader"\('dynamodb_fanout_dev_fanout_sales_events_loader_d9a318c1', 'sha256\|[0-9a-f]{64}\|(0123456789abcdef){4}'\)$/,
    );
  });
});
