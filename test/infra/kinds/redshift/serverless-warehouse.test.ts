import { readFileSync } from "node:fs";
import { expect } from "chai";
import { provisioned, settled } from "./provisioned.ts";

const name = "fanout-sales-events";
const workgroup = "dynamodb-fanout-dev-fanout-sales-events";

describe("a new warehouse", () => {
  let made: Awaited<ReturnType<typeof provisioned>>;
  before(async () => {
    made = await provisioned({});
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

  it("has the groups for its own logs before anybody connects, with the retention of the rest", async () => {
    const made = await provisioned({ logRetentionDays: 14 });
    const groups = ["connectionlog", "userlog"].map((log) => `${name}-warehouse-${log}`);
    for (const group of groups) {
      const { inputs, dependencies } = made.find("aws:cloudwatch/logGroup:LogGroup", group);
      const log = group.slice(group.lastIndexOf("-") + 1);
      expect(inputs).to.deep.equal({ name: `/aws/redshift/${workgroup}/${log}`, retentionInDays: 14 });
      expect(dependencies).to.deep.equal([`${name}-warehouse-namespace`]);
    }
    const { logExports } = made.find("aws:redshiftserverless/namespace:Namespace").inputs;
    expect(groups).to.deep.equal((logExports as string[]).map((log) => `${name}-warehouse-${log}`));
    expect(made.find("aws:redshiftserverless/workgroup:Workgroup").dependencies).to.include.members(groups);
  });

  it("has these groups where docs/warehouse.md imports them to, if Redshift has made them already", () => {
    const group = made.find("aws:cloudwatch/logGroup:LogGroup", `${name}-warehouse-connectionlog`);
    expect(group.parent).to.equal(`${name}-warehouse`);
    expect(made.find("fanout:index:ServerlessWarehouse").name).to.equal(group.parent);
    const documented = `pulumi import ${group.type} ${group.name.replace(name, "fanout-<destination>")} /aws/redshift/<namespace>/connectionlog --parent`;
    expect(readFileSync("docs/warehouse.md", "utf8")).to.include(documented);
  });

  it("gives a slow workgroup longer than the provider's 20 minutes", () => {
    const hour = { create: "1h", update: "1h", delete: "1h" };
    expect(made.find("aws:redshiftserverless/workgroup:Workgroup").timeouts).to.deep.equal(hour);
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

  it("finds room in a network that exists", async () => {
    const network = { vpcId: "vpc-0a1b2c3d", subnetIds: ["subnet-0a1b2c3d", "subnet-0b1b2c3d", "subnet-0c1b2c3d"] };
    const made = await provisioned({ network });
    expect(made.resources.map(({ type }) => type).filter((type) => type.startsWith("aws:ec2/"))).to.deep.equal([
      "aws:ec2/securityGroup:SecurityGroup",
    ]);
    expect(made.find("aws:ec2/securityGroup:SecurityGroup").inputs.vpcId).to.equal("vpc-0a1b2c3d");
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
    const logs = made.find("aws:cloudwatch/logGroup:LogGroup", `${name}-warehouse-userlog`);
    expect(logs.inputs.name).to.equal("/aws/redshift/old-name/userlog");
  });

  it("goes on with what is there", async () => {
    const made = await provisioned({ database: "another" }, { stack: "renamed", kept });
    const { environment } = made.find("aws:lambda/function:Function").inputs as {
      environment: { variables: Record<string, string> };
    };
    const { target } = JSON.parse(environment.variables.STATEMENTS!);
    expect(target).to.include({ WorkgroupName: "old-group", Database: "old_database" });
    const { redshiftConfiguration } = made.find("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream").inputs as {
      redshiftConfiguration: Record<string, unknown>;
    };
    expect(redshiftConfiguration.clusterJdbcurl).to.match(/:5439\/old_database$/);
    expect((await settled(made.sink)).outputs.database).to.equal("old_database");
  });
});
