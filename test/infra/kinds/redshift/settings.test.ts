import { expect } from "chai";
import { firehoseCidrs } from "../../../../infra/kinds/redshift/firehose-cidr.ts";
import { reservedWords } from "../../../../infra/kinds/redshift/names.ts";
import { redshift } from "../../../../infra/kinds/redshift.ts";
import { check } from "../../../../infra/settings/check.ts";

const arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:admin-AbCdEf";
const jdbcUrl = "jdbc:redshift://main.111122223333.us-east-1.redshift-serverless.amazonaws.com:5439/dev";

/** What is wrong with these settings in a stack that deploys to us-east-1, or elsewhere. */
function refused(given: object, region = "us-east-1"): string[] {
  const checked = check(redshift.schema, given, "");
  const problems = "value" in checked ? redshift.problems(checked.value, { region }) : checked.problems;
  return problems.map(({ path, message }) => `${path}: ${message}`);
}

describe("settings of kind redshift", () => {
  it("may all be left out", () => {
    expect(refused({})).to.deep.equal([]);
    expect(redshift.schema.parse({})).to.deep.equal({
      images: "typed",
      maxStringBytes: 65_535,
      bufferingInterval: 900,
      bufferingSize: 64,
      retryDuration: 7200,
      stagingRetentionDays: 365,
      statUpdateOff: false,
      logRetentionDays: 30,
      deletionProtection: false,
    });
  });

  it("may be set together", () => {
    const usageLimit = { rpuHours: 1, period: "monthly", breachAction: "emit-metric" };
    const network = { vpcId: "vpc-0a1b2c3d", subnetIds: ["subnet-0a1b2c3d", "subnet-0b1b2c3d", "subnet-0c1b2c3d"] };
    expect(
      refused({ baseCapacity: 4, maxCapacity: 8, usageLimit, network, firehoseCidr: "192.0.2.0/27" }),
    ).to.deep.equal([]);
    expect(refused({ existing: { jdbcUrl, adminSecretArn: arn }, schema: "lake" })).to.deep.equal([]);
  });

  it("say where they are wrong and what is allowed", () => {
    const wrong = {
      schema: "order",
      table: "1st",
      maxStringBytes: 65_534,
      bufferingInterval: 59,
      bufferingSize: 129,
      retryDuration: 7201,
      baseCapacity: 12,
      network: { vpcId: "vpc-0a1b2c3d", subnetIds: ["subnet-0a1b2c3d"] },
      firehoseCidr: "0.0.0.0/0",
      existing: { jdbcUrl: "jdbc:redshift://localhost:5439/dev", adminSecretArn: "admin" },
    };
    expect(refused(wrong)).to.deep.equal([
      'schema: "order" is a word that Redshift reserves; expected another name',
      'table: "1st" is not allowed; expected 1 to 50 lower-case letters, digits and `_`, not beginning with a digit',
      "maxStringBytes: 65534 is not allowed; expected a whole number from 65535 to 16000000",
      "bufferingInterval: 59 is not allowed; expected a whole number from 60 to 900",
      "bufferingSize: 129 is not allowed; expected a whole number from 1 to 128",
      "retryDuration: 7201 is not allowed; expected a whole number from 0 to 7200",
      "baseCapacity: 12 is not allowed; expected 4, or a multiple of 8 from 8 to 512, or a multiple of 32 up to 1024",
      'network.subnetIds: ["subnet-0a1b2c3d"] is not allowed; expected at least 3 subnets, in 3 Availability Zones',
      'firehoseCidr: "0.0.0.0/0" is not allowed; expected an IPv4 range of /16 or narrower, such as 52.70.63.192/27',
      'existing.jdbcUrl: "jdbc:redshift://localhost:5439/dev" is not allowed; expected the JDBC URL of a workgroup or cluster with its database, such as jdbc:redshift://main.111122223333.us-east-1.redshift-serverless.amazonaws.com:5439/dev',
      'existing.adminSecretArn: "admin" is not allowed; expected the ARN of a secret in Secrets Manager',
    ]);
  });

  for (const capacity of [4, 8, 512, 544, 1024])
    it(`take a capacity of ${capacity}`, () =>
      expect(refused({ baseCapacity: capacity, maxCapacity: 1024 })).to.deep.equal([]));
  for (const capacity of [0, 5, 12, 520, 1056, 8.5])
    it(`refuse a capacity of ${capacity}`, () => expect(refused({ baseCapacity: capacity })).to.have.length(1));

  it("know where Firehose comes from, or ask", () => {
    for (const region of Object.keys(firehoseCidrs)) expect(refused({}, region), region).to.deep.equal([]);
    expect(refused({}, "xx-new-1")).to.deep.equal([
      "firehoseCidr: is missing, and Firehose's address range in xx-new-1 is not known here; expected the IPv4 range that https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-rs-vpc lists for xx-new-1",
    ]);
    expect(refused({ firehoseCidr: "192.0.2.0/27" }, "xx-new-1")).to.deep.equal([]);
  });

  it("refuse a capacity that would have to shrink under load", () => {
    expect(refused({ baseCapacity: 32, maxCapacity: 16 })).to.deep.equal([
      "maxCapacity: 16 is not allowed; expected at least baseCapacity, which is 32",
    ]);
    expect(refused({ maxCapacity: 4 })).to.deep.equal([
      "maxCapacity: 4 is not allowed; expected at least baseCapacity, which is 8",
    ]);
  });

  it("refuse to make a warehouse beside one that exists, or to use one elsewhere", () => {
    const existing = { jdbcUrl, adminSecretArn: arn };
    expect(
      refused(
        { existing, schema: "lake", baseCapacity: 8, database: "dev", firehoseCidr: "192.0.2.0/27" },
        "eu-west-1",
      ),
    ).to.deep.equal([
      "database: says how to make a warehouse, but `existing` names one; expected one of the two",
      "baseCapacity: says how to make a warehouse, but `existing` names one; expected one of the two",
      "firehoseCidr: says how to make a warehouse, but `existing` names one; expected one of the two",
      "existing.jdbcUrl: is in us-east-1, but the stack deploys to eu-west-1; expected one in eu-west-1, where Firehose and the Data API work",
      "existing.adminSecretArn: is in us-east-1, but the stack deploys to eu-west-1; expected one in eu-west-1, where Firehose and the Data API work",
    ]);
  });

  it("ask for the schema in a warehouse that exists, where another stack may have the one by default", () => {
    expect(refused({ existing: { jdbcUrl, adminSecretArn: arn } })).to.deep.equal([
      "schema: is missing; expected a schema of the existing warehouse that no other stack loads into, such as fanout_prod (it is created if it does not exist)",
    ]);
  });

  it("wait with what depends on the Region until there is one", () => {
    const checked = redshift.schema.parse({ existing: { jdbcUrl, adminSecretArn: arn }, baseCapacity: 8 });
    expect(redshift.problems(checked, {}).map(({ path }) => path)).to.deep.equal(["schema", "baseCapacity"]);
    expect(redshift.problems(redshift.schema.parse({}), {})).to.deep.equal([]);
  });

  it("need streams with new images", () => {
    expect(redshift.views).to.deep.equal(["NEW_IMAGE", "NEW_AND_OLD_IMAGES"]);
  });

  it("describe themselves, every one", () => {
    for (const [name, field] of Object.entries(redshift.schema.shape)) expect(field.description, name).to.match(/\.$/);
  });
});

describe("what AWS publishes", () => {
  it("holds one range of 32 addresses for each Region, and none twice", () => {
    const ranges = Object.values(firehoseCidrs);
    expect(ranges).to.have.length(37);
    for (const range of ranges) {
      expect(range).to.match(/^\d+\.\d+\.\d+\.\d+\/27$/);
      expect(Number(range.split(/[./]/)[3]) % 32, range).to.equal(0);
    }
    expect(new Set(ranges)).to.have.length(ranges.length);
  });

  it("holds Redshift's reserved words", () => {
    expect(reservedWords).to.have.length(154);
    for (const word of ["user", "order", "table", "tag", "without"])
      expect(reservedWords.has(word), word).to.equal(true);
    for (const word of ["fanout", "public", "dev", ""]) expect(reservedWords.has(word), word).to.equal(false);
  });
});
