import { expect } from "chai";
import { provisioned, settled } from "./redshift/provisioned.ts";

const name = "fanout-sales-events";
const streamArn = "arn:aws:kinesis:us-east-1:111122223333:fanout-sales-events-stream";
const bucketArn = "arn:aws:s3:::fanout-sales-events-staging";

describe("kind redshift with a new warehouse", () => {
  let made: Awaited<ReturnType<typeof provisioned>>;
  before(async () => {
    made = await provisioned({});
  });

  it("makes exactly these resources", () => {
    const counts: Record<string, number> = {};
    for (const { type } of made.resources) counts[type] = (counts[type] ?? 0) + 1;
    expect(counts).to.deep.equal({
      "pulumi:pulumi:Stack": 1,
      "fanout:index:Destination": 1,
      "fanout:index:ServerlessWarehouse": 1,
      "fanout:index:Network": 1,
      "fanout:index:ChangeLog": 1,
      "fanout:index:Loader": 1,
      "fanout:index:Setup": 1,
      "fanout:index:StagingBucket": 1,
      "fanout:index:DeliveryStream": 1,
      "aws:ec2/vpc:Vpc": 1,
      "aws:ec2/internetGateway:InternetGateway": 1,
      "aws:ec2/routeTable:RouteTable": 1,
      "aws:ec2/subnet:Subnet": 3,
      "aws:ec2/routeTableAssociation:RouteTableAssociation": 3,
      "aws:ec2/securityGroup:SecurityGroup": 1,
      "aws:redshiftserverless/namespace:Namespace": 1,
      "aws:redshiftserverless/workgroup:Workgroup": 1,
      "aws:redshiftserverless/usageLimit:UsageLimit": 1,
      "random:index/randomPassword:RandomPassword": 1,
      "random:index/randomId:RandomId": 1,
      "aws:secretsmanager/secret:Secret": 1,
      "aws:secretsmanager/secretVersion:SecretVersion": 1,
      "aws:s3/bucket:Bucket": 1,
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls": 1,
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": 1,
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": 1,
      "aws:s3/bucketPolicy:BucketPolicy": 1,
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": 1,
      "aws:cloudwatch/logGroup:LogGroup": 4,
      "aws:cloudwatch/logStream:LogStream": 2,
      "aws:iam/role:Role": 2,
      "aws:iam/rolePolicy:RolePolicy": 2,
      "aws:lambda/function:Function": 1,
      "aws:lambda/invocation:Invocation": 1,
      "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": 1,
    });
  });

  it("gives every resource a parent of its own destination and a name that begins with the destination's", () => {
    for (const { type, name: logical, parent } of made.resources.slice(1)) {
      expect(logical, type).to.match(new RegExp(`^${name}`));
      if (type !== "fanout:index:Destination") expect(parent, logical).to.match(new RegExp(`^${name}`));
    }
  });

  it("allows no action with a star in any policy, and denies all of a bucket's", () => {
    const statements = made.resources
      .flatMap(({ inputs }) => [inputs.policy, inputs.assumeRolePolicy])
      .filter((policy) => typeof policy === "string")
      .flatMap((policy) => JSON.parse(policy).Statement as { Effect: string; Action: string | string[] }[]);
    const actions = (effect: string) => statements.flatMap(({ Effect, Action }) => (Effect === effect ? Action : []));
    expect(actions("Allow")).to.have.length.above(8);
    expect(actions("Allow").filter((action) => action.includes("*"))).to.deep.equal([]);
    expect(actions("Deny")).to.deep.equal(["s3:*"]);
  });

  it("tells the consumer what it needs", async () => {
    expect(await settled(made.sink)).to.deep.equal({
      settings: {
        deliveryStreamName: `${name}-stream`,
        images: "typed",
        maxStringBytes: 65_535,
        claims: { bucket: `${name}-staging`, prefix: "claims/" },
      },
      grants: [
        { actions: ["firehose:PutRecordBatch"], resources: [streamArn] },
        { actions: ["s3:PutObject"], resources: [`${bucketArn}/claims/*`] },
      ],
      dependsOn: [`${name}-stream`],
      outputs: {
        deliveryStream: `${name}-stream`,
        stagingBucket: `${name}-staging`,
        claimBucket: `${name}-staging`,
        warehouse: "main.111122223333.us-east-1.redshift-serverless.amazonaws.com",
        database: "fanout",
        changeLog: "fanout.sales_events_changes",
        currentView: "fanout.sales_events_current",
      },
    });
  });
});

describe("kind redshift", () => {
  it("can be previewed before anything exists", async () => {
    const { resources } = await provisioned({}, { preview: true });
    expect(resources).to.have.length(45);
  });

  it("follows the settings", async () => {
    const made = await provisioned({
      schema: "lake",
      table: "orders",
      images: "plain",
      maxStringBytes: 16_000_000,
      bufferingInterval: 60,
      bufferingSize: 5,
      retryDuration: 0,
      stagingRetentionDays: 400,
      claimCheckDays: 90,
      logRetentionDays: 7,
      deletionProtection: true,
      database: "dev",
      baseCapacity: 4,
      usageLimit: { rpuHours: 2, period: "weekly" },
      firehoseCidr: "192.0.2.0/27",
    });
    const { redshiftConfiguration } = made.find("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream").inputs as {
      redshiftConfiguration: Record<string, unknown>;
    };
    expect(redshiftConfiguration).to.deep.include({ dataTableName: "lake.orders_changes", retryDuration: 0 });
    expect(redshiftConfiguration.s3Configuration).to.deep.include({ bufferingInterval: 60, bufferingSize: 5 });
    expect(made.find("aws:cloudwatch/logGroup:LogGroup", `${name}-stream-log`).inputs.retentionInDays).to.equal(7);
    expect(made.find("aws:s3/bucket:Bucket").inputs.forceDestroy).to.equal(false);
    const namespace = made.find("aws:redshiftserverless/namespace:Namespace");
    expect([namespace.inputs.dbName, namespace.protect]).to.deep.equal(["dev", true]);
    const group = made.find("aws:redshiftserverless/workgroup:Workgroup").inputs;
    expect([group.baseCapacity, group.maxCapacity]).to.deep.equal([4, 8]);
    const limit = made.find("aws:redshiftserverless/usageLimit:UsageLimit").inputs;
    expect([limit.amount, limit.period, limit.breachAction]).to.deep.equal([2, "weekly", "deactivate"]);
    const access = made.find("aws:ec2/securityGroup:SecurityGroup").inputs.ingress as { cidrBlocks: string[] }[];
    expect(access.map(({ cidrBlocks }) => cidrBlocks)).to.deep.equal([["192.0.2.0/27"]]);
    const rules = made.find("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs.rules as {
      expiration?: { days: number };
    }[];
    expect(rules.map(({ expiration }) => expiration?.days)).to.deep.equal([400, 400, 400, 90, undefined]);
    expect(rules[3]).to.deep.equal({
      id: "claims",
      status: "Enabled",
      filter: { prefix: "claims/" },
      expiration: { days: 90 },
    });
    const { settings, outputs } = await settled(made.sink);
    expect(settings).to.deep.include({ images: "plain", maxStringBytes: 16_000_000 });
    expect(outputs).to.deep.include({ changeLog: "lake.orders_changes", currentView: "lake.orders_current" });
  });
});

describe("kind redshift with a warehouse that exists", () => {
  const schema = "lake";
  const existing = {
    jdbcUrl: "jdbc:redshift://main.abc123.us-east-1.redshift.amazonaws.com:5440/dev",
    adminSecretArn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:admin-AbCdEf",
  };

  it("makes no warehouse and no network, and asks the one there", async () => {
    const made = await provisioned({ existing, schema });
    const types = made.resources.map(({ type }) => type);
    expect(types.filter((type) => /ec2|redshiftserverless/.test(type))).to.deep.equal([]);
    expect(setUp(made)).to.deep.equal({
      ClusterIdentifier: "main",
      Database: "dev",
      SecretArn: existing.adminSecretArn,
    });
    const stream = made.find("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream").inputs as {
      redshiftConfiguration: { clusterJdbcurl: string };
    };
    expect(stream.redshiftConfiguration.clusterJdbcurl).to.equal(existing.jdbcUrl);
    expect((await settled(made.sink)).outputs).to.deep.include({
      warehouse: "main.abc123.us-east-1.redshift.amazonaws.com",
      database: "dev",
    });
  });

  it("finds a workgroup by its address", async () => {
    const jdbcUrl = "jdbc:redshift://bim.111122223333.us-east-1.redshift-serverless.amazonaws.com:5439/dev";
    const made = await provisioned({ existing: { ...existing, jdbcUrl }, schema });
    expect(setUp(made)).to.deep.equal({ WorkgroupName: "bim", Database: "dev", SecretArn: existing.adminSecretArn });
  });
});

/** Where the statements of a destination run. */
function setUp(made: Awaited<ReturnType<typeof provisioned>>): unknown {
  const { environment } = made.find("aws:lambda/function:Function").inputs as {
    environment: { variables: Record<string, string> };
  };
  return JSON.parse(environment.variables.STATEMENTS!).target;
}
