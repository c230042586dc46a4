import { expect } from "chai";
import { password, provisioned, sealed, settled } from "./redshift/provisioned.ts";

const name = "fanout-sales-events";
const adminSecret = "arn:aws:redshiftserverless:us-east-1:111122223333:fanout-sales-events-warehouse-namespace-admin";
const workgroup = "dynamodb-fanout-dev-fanout-sales-events";
const streamArn = "arn:aws:kinesis:us-east-1:111122223333:fanout-sales-events-stream";
const roleArn = "arn:aws:iam:us-east-1:111122223333:fanout-sales-events-stream-role";
const secretArn = "arn:aws:secretsmanager:us-east-1:111122223333:fanout-sales-events-change-log-loader-secret";
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
      "aws:redshiftdata/statement:Statement": 6,
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
      "aws:cloudwatch/logGroup:LogGroup": 1,
      "aws:cloudwatch/logStream:LogStream": 2,
      "aws:iam/role:Role": 1,
      "aws:iam/rolePolicy:RolePolicy": 1,
      "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": 1,
    });
  });

  it("gives every resource a parent of its own destination and a name that begins with the destination's", () => {
    for (const { type, name: logical, parent } of made.resources.slice(1)) {
      expect(logical, type).to.match(new RegExp(`^${name}`));
      if (type !== "fanout:index:Destination") expect(parent, logical).to.match(new RegExp(`^${name}`));
    }
  });

  it("loads through a Firehose stream that compresses, encrypts, buffers long and logs in by a secret", () => {
    expect(made.find("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream").inputs).to.deep.equal({
      destination: "redshift",
      serverSideEncryption: { enabled: true, keyType: "AWS_OWNED_CMK" },
      redshiftConfiguration: {
        roleArn,
        clusterJdbcurl: "jdbc:redshift://main.111122223333.us-east-1.redshift-serverless.amazonaws.com:5439/fanout",
        secretsManagerConfiguration: { enabled: true, secretArn, roleArn },
        dataTableName: "fanout.sales_events_changes",
        dataTableColumns:
          "key_hash,keys,operation,version,event_id,changed_at,sent_at,expired,old_image,new_image,claim_check",
        copyOptions: "FORMAT JSON 'auto' GZIP TIMEFORMAT 'auto' COMPUPDATE OFF STATUPDATE OFF",
        retryDuration: 7200,
        s3BackupMode: "Disabled",
        cloudwatchLoggingOptions: { enabled: true, logGroupName: `${name}-stream-log`, logStreamName: "copy" },
        s3Configuration: {
          roleArn,
          bucketArn,
          bufferingInterval: 900,
          bufferingSize: 64,
          compressionFormat: "GZIP",
          cloudwatchLoggingOptions: { enabled: true, logGroupName: `${name}-stream-log`, logStreamName: "staging" },
        },
      },
    });
    expect(made.find("aws:cloudwatch/logGroup:LogGroup").inputs).to.deep.equal({ retentionInDays: 30 });
  });

  it("lets Firehose do what it must and nothing else, and only for this account", () => {
    const role = made.find("aws:iam/role:Role").inputs.assumeRolePolicy as string;
    expect(JSON.parse(role).Statement).to.deep.equal([
      {
        Effect: "Allow",
        Principal: { Service: "firehose.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:ExternalId": "111122223333" } },
      },
    ]);
    const policy = made.find("aws:iam/rolePolicy:RolePolicy").inputs.policy as string;
    expect(JSON.parse(policy).Statement).to.deep.equal([
      {
        Effect: "Allow",
        Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
        Resource: bucketArn,
      },
      {
        Effect: "Allow",
        Action: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
        Resource: `${bucketArn}/*`,
      },
      {
        Effect: "Allow",
        Action: "logs:PutLogEvents",
        Resource: ["staging", "copy"].map(
          (part) => `arn:aws:cloudwatch:us-east-1:111122223333:${name}-stream-log-${part}`,
        ),
      },
      { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secretArn },
    ]);
  });

  it("puts no star into any action of any policy", () => {
    const actions = made.resources
      .flatMap(({ inputs }) => [inputs.policy, inputs.assumeRolePolicy])
      .filter((policy) => typeof policy === "string")
      .flatMap((policy) => JSON.parse(policy).Statement as { Action: string | string[] }[])
      .flatMap(({ Action }) => Action);
    expect(actions).to.have.length.above(15);
    expect(actions.filter((action) => action.includes("*"))).to.deep.equal([]);
  });

  it("makes a small warehouse with a public address, TLS, a password of AWS's and a daily limit", () => {
    expect(made.find("aws:redshiftserverless/namespace:Namespace").inputs).to.deep.equal({
      namespaceName: workgroup,
      dbName: "fanout",
      manageAdminPassword: true,
      logExports: ["connectionlog", "userlog"],
    });
    const found = made.find("aws:redshiftserverless/workgroup:Workgroup");
    expect(found.inputs).to.deep.equal({
      namespaceName: workgroup,
      workgroupName: workgroup,
      baseCapacity: 8,
      maxCapacity: 8,
      port: 5439,
      publiclyAccessible: true,
      enhancedVpcRouting: false,
      subnetIds: [1, 2, 3].map((n) => `${name}-warehouse-network-subnet-${n}-id`),
      securityGroupIds: [`${name}-warehouse-network-access-id`],
      configParameters: [{ parameterKey: "require_ssl", parameterValue: "true" }],
    });
    expect(found.ignoreChanges).to.include("configParameters");
    expect(found.dependencies).to.include.members([1, 2, 3].map((n) => `${name}-warehouse-network-routes-${n}`));
    expect(made.find("aws:redshiftserverless/usageLimit:UsageLimit").inputs).to.deep.equal({
      resourceArn: `arn:aws:redshiftserverless:us-east-1:111122223333:${name}-warehouse-workgroup`,
      usageType: "serverless-compute",
      amount: 24,
      period: "daily",
      breachAction: "deactivate",
    });
  });

  it("admits Firehose's range on Redshift's port, and nobody else", () => {
    expect(made.find("aws:ec2/securityGroup:SecurityGroup").inputs).to.deep.equal({
      description: "Lets Amazon Data Firehose reach the warehouse",
      vpcId: `${name}-warehouse-network-vpc-id`,
      ingress: [
        {
          description: "Amazon Data Firehose",
          protocol: "tcp",
          fromPort: 5439,
          toPort: 5439,
          cidrBlocks: ["52.70.63.192/27"],
        },
      ],
    });
  });

  it("spreads three subnets over three zones, behind one gateway", () => {
    const subnets = made.resources.filter(({ type }) => type === "aws:ec2/subnet:Subnet");
    expect(subnets.map(({ inputs }) => [inputs.availabilityZone, inputs.cidrBlock])).to.deep.equal([
      ["us-east-1a", "10.0.0.0/26"],
      ["us-east-1b", "10.0.0.64/26"],
      ["us-east-1c", "10.0.0.128/26"],
    ]);
    expect(made.find("aws:ec2/routeTable:RouteTable").inputs.routes).to.deep.equal([
      { cidrBlock: "0.0.0.0/0", gatewayId: `${name}-warehouse-network-gateway-id` },
    ]);
  });

  it("keeps the staging bucket private, encrypted and tidy", () => {
    const bucket = `${name}-staging`;
    expect(made.find("aws:s3/bucket:Bucket").inputs).to.deep.equal({ forceDestroy: true });
    expect(made.find("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").inputs).to.deep.equal({
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(made.find("aws:s3/bucketOwnershipControls:BucketOwnershipControls").inputs.rule).to.deep.equal({
      objectOwnership: "BucketOwnerEnforced",
    });
    expect(
      made.find("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration").inputs.rules,
    ).to.deep.equal([{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }]);
    const [statement] = JSON.parse(made.find("aws:s3/bucketPolicy:BucketPolicy").inputs.policy as string).Statement;
    expect(statement).to.deep.include({
      Effect: "Deny",
      Principal: { AWS: "*" },
      Resource: [bucketArn, `${bucketArn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
    expect(statement.Action).to.include.members(["s3:GetObject", "s3:PutObject", "s3:ListBucket"]);
    const rules = made.find("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs.rules;
    expect(rules).to.deep.equal([
      { id: "staged", status: "Enabled", filter: { prefix: "20" }, expiration: { days: 30 } },
      { id: "manifests", status: "Enabled", filter: { prefix: "manifests/" }, expiration: { days: 30 } },
      { id: "errors", status: "Enabled", filter: { prefix: "errors/" }, expiration: { days: 365 } },
      {
        id: "incomplete-uploads",
        status: "Enabled",
        filter: { prefix: "" },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      },
    ]);
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
    expect(waits["loader-procedure"]).to.include(`${name}-change-log-schema`);
    expect(waits["loader-user"]).to.include.members([
      `${name}-change-log-table`,
      `${name}-change-log-loader-procedure`,
    ]);
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
      dependsOn: [`${name}-stream`, `${name}-change-log-view`],
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
    expect(resources).to.have.length(43);
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
    expect(made.find("aws:cloudwatch/logGroup:LogGroup").inputs.retentionInDays).to.equal(7);
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

  it("finds room in a network that exists", async () => {
    const network = { vpcId: "vpc-1", subnetIds: ["subnet-a", "subnet-b", "subnet-c"] };
    const made = await provisioned({ network });
    expect(made.resources.map(({ type }) => type).filter((type) => type.startsWith("aws:ec2/"))).to.deep.equal([
      "aws:ec2/securityGroup:SecurityGroup",
    ]);
    expect(made.find("aws:ec2/securityGroup:SecurityGroup").inputs.vpcId).to.equal("vpc-1");
    expect(made.find("aws:redshiftserverless/workgroup:Workgroup").inputs.subnetIds).to.deep.equal(network.subnetIds);
  });

  it("uses a zone twice where a Region has but two", async () => {
    const { resources } = await provisioned({}, { region: "us-west-1" });
    const subnets = resources.filter(({ type }) => type === "aws:ec2/subnet:Subnet");
    expect(subnets.map(({ inputs }) => inputs.availabilityZone)).to.deep.equal([
      "us-west-1a",
      "us-west-1c",
      "us-west-1a",
    ]);
  });

  it("names warehouse and loader apart for every stack, within Redshift's limits", async () => {
    const long = await provisioned({}, { stack: "Feature.Branch-of-a-very-long-name-that-goes-on-and-on" });
    const { namespaceName } = long.find("aws:redshiftserverless/namespace:Namespace").inputs;
    expect(namespaceName).to.match(/^[a-z][a-z0-9-]{2,63}$/);
    const other = await provisioned({}, { stack: "feature.branch-of-a-very-long-name-that-goes-on-and-on" });
    expect(other.find("aws:redshiftserverless/namespace:Namespace").inputs.namespaceName).not.to.equal(namespaceName);
  });
});

describe("kind redshift after its stack was renamed, or its database", () => {
  const kept = { namespaceName: "old-name", dbName: "old_database", workgroupName: "old-group" };

  it("keeps the warehouse, whose data would be deleted with it", async () => {
    const made = await provisioned({ database: "another" }, { stack: "renamed", kept });
    const namespace = made.find("aws:redshiftserverless/namespace:Namespace");
    expect(namespace.ignoreChanges).to.have.members(["namespaceName", "dbName"]);
    const group = made.find("aws:redshiftserverless/workgroup:Workgroup");
    expect(group.ignoreChanges).to.have.members(["workgroupName", "configParameters"]);
    expect(group.inputs.namespaceName).to.equal("old-name");
  });

  it("goes on with what is there", async () => {
    const made = await provisioned({ database: "another" }, { stack: "renamed", kept });
    for (const { inputs } of made.resources.filter(({ type }) => type === "aws:redshiftdata/statement:Statement"))
      expect(inputs).to.deep.include({ workgroupName: "old-group", database: "old_database" });
    const { redshiftConfiguration } = made.find("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream").inputs as {
      redshiftConfiguration: Record<string, unknown>;
    };
    expect(redshiftConfiguration.clusterJdbcurl).to.match(/:5439\/old_database$/);
    expect((await settled(made.sink)).outputs.database).to.equal("old_database");
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
    expect(types.filter((type) => type === "aws:redshiftdata/statement:Statement")).to.have.length(5);
    const statement = made.find("aws:redshiftdata/statement:Statement", `${name}-change-log-table`).inputs;
    expect(statement).to.deep.include({
      clusterIdentifier: "main",
      secretArn: existing.adminSecretArn,
      database: "dev",
    });
    expect(statement).not.to.have.property("workgroupName");
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
    const jdbcUrl = "jdbc:redshift://bi.111122223333.us-east-1.redshift-serverless.amazonaws.com:5439/dev";
    const made = await provisioned({ existing: { ...existing, jdbcUrl }, schema });
    const statement = made.find("aws:redshiftdata/statement:Statement", `${name}-change-log-table`).inputs;
    expect(statement).to.deep.include({ workgroupName: "bi" });
    expect(statement).not.to.have.property("clusterIdentifier");
  });
});
