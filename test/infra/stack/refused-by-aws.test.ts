import { expect } from "chai";
import { show } from "../../../infra/settings/check.ts";
import { graph } from "../../support/graph.ts";
import { refusal } from "../../support/refusal.ts";

const source = { hashKey: { name: "id", type: "S" } };
const of = (kind: string, settings: object, region = "us-east-1") =>
  refusal({ "aws:region": region, source, destinations: { a: { kind, ...settings } } });

const subnets = ["subnet-0a1b2c3d", "subnet-0b1b2c3d", "subnet-0a1b2c3d"];
const existing = (host: string, end = ":5439/dev") => ({
  schema: "lake",
  existing: {
    jdbcUrl: `jdbc:redshift://${host}${end}`,
    adminSecretArn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:admin-AbCdEf",
  },
});
const main = "main.111122223333.us-east-1.redshift-serverless.amazonaws.com";
const later = "is no Region that this version of @pulumi/aws knows; expected one such as eu-west-1, or a later version";

const redshift: readonly [settings: object, path: string, message: string][] = [
  [
    { network: { vpcId: "vpc-0a1b2c3d", subnetIds: subnets } },
    "network.subnetIds",
    "names a subnet twice; expected different ones",
  ],
  [
    { firehoseCidr: "52.70.63.195/27" },
    "firehoseCidr",
    '"52.70.63.195/27" does not begin where its range does; expected 52.70.63.192/27',
  ],
  ...["pg_toast", "pg_", "information_schema", "catalog_history"].map((schema): [object, string, string] => [
    { schema },
    "schema",
    `"${schema}" is a schema of Redshift's own; expected another name`,
  ]),
  ...["template0", "template1", "padb_harvest", "awsdatacatalog"].map((database): [object, string, string] => [
    { database },
    "database",
    `"${database}" is a database of Redshift's own; expected another name`,
  ]),
  [existing(main, ":0/dev"), "existing.jdbcUrl", "no workgroup has the port 0; expected 5431 to 5455, or 8191 to 8215"],
  [
    existing(main, ":99999/dev"),
    "existing.jdbcUrl",
    "no workgroup has the port 99999; expected 5431 to 5455, or 8191 to 8215",
  ],
  [
    existing("main.abc123xyz789.us-east-1.redshift.amazonaws.com", ":99999/dev"),
    "existing.jdbcUrl",
    "no cluster has the port 99999; expected 1150 to 65535",
  ],
  [
    existing(main, ":5439/template0"),
    "existing.jdbcUrl",
    '"template0" is a database of Redshift\'s own; expected another one',
  ],
  [existing(main.replace("us-east-1", "us-east-9")), "existing.jdbcUrl", `"us-east-9" ${later}`],
  [
    existing(`${main}.cn`),
    "existing.jdbcUrl",
    `"${`${main}.cn`.slice(0, 56)}... is not where us-east-1 is; expected a host that ends in amazonaws.com`,
  ],
  [
    existing(main.replace("main", "ma")),
    "existing.jdbcUrl",
    '"ma" cannot be a workgroup; expected 3 to 63 lower-case letters, digits and `-`',
  ],
  [
    existing(main.replace("main", "b".repeat(64))),
    "existing.jdbcUrl",
    `"${"b".repeat(56)}... cannot be a workgroup; expected 3 to 63 lower-case letters, digits and \`-\``,
  ],
  ...[main.replace("main", "main-"), main.replace("main", "-main"), "main.-abc.us-east-1.redshift.amazonaws.com"].map(
    (host): [object, string, string] => [
      existing(host),
      "existing.jdbcUrl",
      `${show(host)} cannot be a host; expected parts of 1 to 63 characters that neither begin nor end with \`-\``,
    ],
  ),
  [
    existing("ma--in.abc123xyz789.us-east-1.redshift.amazonaws.com"),
    "existing.jdbcUrl",
    '"ma--in" cannot be a cluster; expected 1 to 63 lower-case letters, digits and single `-` inside, beginning with a letter',
  ],
  [existing(main, `:5439/${"d".repeat(450)}`), "existing.jdbcUrl", "has 533 characters; expected at most 512"],
];

describe("what AWS refuses", () => {
  for (const [settings, path, message] of redshift)
    it(`of kind redshift is refused before it: ${message.slice(0, 70)}`, async () => {
      expect(await of("redshift", settings)).to.deep.equal([`destinations.a.${path}: ${message}`]);
    });

  it("of a queue is refused before it", async () => {
    const queueArn = (text: string) => of("sqs", { queueArn: text });
    expect(await queueArn("arn:aws-cn:sqs:us-east-1:111122223333:orders")).to.deep.equal([
      "destinations.a.queueArn: us-east-1 is in the partition aws, not in aws-cn",
    ]);
    expect(await queueArn("arn:aws:sqs:us-east-9:111122223333:orders")).to.deep.equal([
      `destinations.a.queueArn: "us-east-9" ${later}`,
    ]);
    expect(await queueArn(`arn:aws:sqs:us-east-1:111122223333:${"q".repeat(76)}.fifo`)).to.deep.equal([
      `destinations.a.queueArn: "arn:aws:sqs:us-east-1:111122223333:${"q".repeat(21)}... is not allowed; expected the ARN of a queue in the stack's Region, such as arn:aws:sqs:us-east-1:111122223333:orders.fifo`,
    ]);
  });

  it("of a replica is refused before it", async () => {
    expect(await of("replica", { region: "us-east-9" })).to.deep.equal([`destinations.a.region: "us-east-9" ${later}`]);
    expect(await of("replica", { region: "cn-north-1" })).to.deep.equal([
      "destinations.a.region: cn-north-1 is in the partition aws-cn, where the stack's account does not exist; expected a Region of aws, as us-east-1 is",
    ]);
  });

  it("of a function is refused before it", async () => {
    expect(await of("sqs", { function: { reservedConcurrentExecutions: 1_000_000 } })).to.deep.equal([
      "destinations.a.function.reservedConcurrentExecutions: 1000000 is not allowed; expected a whole number from 1 to 100000",
    ]);
  });

  it("of an address is refused before it", async () => {
    const alarms = (email: string) => refusal({ source, destinations: { a: { kind: "sqs" } }, alarms: { email } });
    const line = "alarms.email: is too long; expected at most 254 characters, at most 64 of them before the @";
    expect(await alarms(`a@${"b".repeat(354)}.com`)).to.deep.equal([line]);
    expect(await alarms(`${"a".repeat(65)}@example.com`)).to.deep.equal([line]);
  });

  it("as a Region is refused, once and without what would follow from it", async () => {
    expect(await of("sqs", { queueArn: "arn:aws:sqs:us-east-1:111122223333:orders" }, "us-east-9")).to.deep.equal([
      `aws:region: "us-east-9" ${later}`,
    ]);
    expect(await of("redshift", {}, "")).to.deep.equal([`aws:region: "" ${later}`]);
  });

  it("is not what other partitions have", async () => {
    const url = "https://sqs.eusc-de-east-1.amazonaws.eu/111122223333/orders";
    const made = await graph({
      queues: { [url]: { maxMessageSize: 1_048_576 } },
      config: {
        "aws:region": "eusc-de-east-1",
        source,
        destinations: { a: { kind: "sqs", queueArn: "arn:aws-eusc:sqs:eusc-de-east-1:111122223333:orders" } },
      },
    });
    expect(JSON.stringify(made.named("fanout-a-function").inputs.environment)).to.include(url);
  });
});
