import { expect } from "chai";
import { password, provisioned, sealed } from "./provisioned.ts";

const name = "fanout-sales-events";

describe("the change log in a new warehouse", () => {
  let made: Awaited<ReturnType<typeof provisioned>>;
  before(async () => {
    made = await provisioned({});
  });

  it("is there before anything is loaded into it, in which nobody else creates anything", () => {
    const { statements } = JSON.parse(made.find("aws:lambda/invocation:Invocation").inputs.input as string);
    expect(statements.map((sql: string) => sql.replaceAll(/\s*\n.*|\('.*/gs, ""))).to.deep.equal([
      "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
      'CREATE SCHEMA IF NOT EXISTS "fanout"',
      'CREATE TABLE IF NOT EXISTS "fanout"."sales_events_changes" (',
      'CREATE OR REPLACE VIEW "fanout"."sales_events_current" AS',
      'CREATE OR REPLACE PROCEDURE "fanout"."sp_sales_events_loader"(loader varchar(128), password_hash varchar(256))',
      'CALL "fanout"."sp_sales_events_loader"',
    ]);
    const stream = made.find("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream").dependencies;
    expect(stream).to.include.members([
      `${name}-setup-run`,
      `${name}-change-log-loader-secret-version`,
      `${name}-stream-policy`,
      `${name}-staging-tls-only`,
    ]);
  });

  it("may be in the schema that every database has, which nobody makes", async () => {
    const { find } = await provisioned({ schema: "public" });
    const { statements } = JSON.parse(find("aws:lambda/invocation:Invocation").inputs.input as string);
    expect(statements.map((sql: string) => sql.replaceAll(/\s*\n.*|\s*\(.*/gs, ""))).to.deep.equal([
      "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
      'CREATE TABLE IF NOT EXISTS "public"."sales_events_changes"',
      'CREATE OR REPLACE VIEW "public"."sales_events_current" AS',
      'CREATE OR REPLACE PROCEDURE "public"."sp_sales_events_loader"',
      'CALL "public"."sp_sales_events_loader"',
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
    const { statements } = JSON.parse(made.find("aws:lambda/invocation:Invocation").inputs.input as string);
    const call = statements.at(-1);
    expect(call).to.match(
      /^CALL "fanout"\."sp_sales_events_loader"\('dynamodb_fanout_dev_fanout_sales_events_loader_d9a318c1', 'sha256\|[0-9a-f]{64}\|(0123456789abcdef){4}'\)$/,
    );
  });
});
