import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** The port on which the new warehouse answers. */
export const redshiftPort = 5439;

interface NetworkArgs {
  /** The only addresses that may reach the warehouse, as an IPv4 range. */
  readonly firehoseCidr: pulumi.Input<string>;
  /** A VPC to use, with public subnets in three Availability Zones. Default: one is made. */
  readonly existing?: { readonly vpcId: string; readonly subnetIds: readonly string[] };
}

/**
 * Where the new warehouse lives: three public subnets, because Firehose reaches Redshift over public addresses only, and
 * a security group that admits nothing but Firehose. (COPY reads S3 over Redshift's own network, not from here.)
 */
export class Network extends pulumi.ComponentResource {
  readonly subnetIds: pulumi.Output<string[]>;
  readonly securityGroupId: pulumi.Output<string>;
  /** What must exist before a public address can be given out here. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fanout:index:Network", name, {}, opts);
    const { vpcId, subnetIds, ready } = args.existing
      ? { vpcId: args.existing.vpcId, subnetIds: [...args.existing.subnetIds], ready: [] }
      : ownNetwork(name, this);
    const group = new aws.ec2.SecurityGroup(
      `${name}-access`,
      {
        description: "Lets Amazon Data Firehose reach the warehouse",
        vpcId,
        ingress: [
          {
            description: "Amazon Data Firehose",
            protocol: "tcp",
            fromPort: redshiftPort,
            toPort: redshiftPort,
            cidrBlocks: [args.firehoseCidr],
          },
        ],
      },
      { parent: this },
    );
    this.subnetIds = pulumi.output(subnetIds);
    this.securityGroupId = group.id;
    this.ready = ready;
    this.registerOutputs({ subnetIds: this.subnetIds, securityGroupId: this.securityGroupId });
  }
}

function ownNetwork(name: string, parent: pulumi.Resource) {
  const vpc = new aws.ec2.Vpc(
    `${name}-vpc`,
    { cidrBlock: "10.0.0.0/24", enableDnsSupport: true, enableDnsHostnames: true, tags: { Name: name } },
    { parent },
  );
  const gateway = new aws.ec2.InternetGateway(`${name}-gateway`, { vpcId: vpc.id, tags: { Name: name } }, { parent });
  const routes = new aws.ec2.RouteTable(
    `${name}-routes`,
    { vpcId: vpc.id, routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: gateway.id }], tags: { Name: name } },
    { parent },
  );
  const zones = aws.getAvailabilityZonesOutput(
    {
      state: "available",
      // The Region's own zones, except the one of us-east-1 that many services do not support: five remain there.
      filters: [
        { name: "opt-in-status", values: ["opt-in-not-required", "opted-in"] },
        { name: "zone-type", values: ["availability-zone"] },
      ],
      excludeZoneIds: ["use1-az3"],
    },
    { parent },
  );
  const subnets = ["10.0.0.0/26", "10.0.0.64/26", "10.0.0.128/26"].map(
    (cidrBlock, index) =>
      new aws.ec2.Subnet(
        `${name}-subnet-${index + 1}`,
        {
          vpcId: vpc.id,
          cidrBlock,
          // us-west-1 has two zones; Redshift Serverless takes three subnets in them there.
          availabilityZone: zones.names.apply((names) => names[index % names.length] as string),
          tags: { Name: `${name}-${index + 1}` },
        },
        // A Region that gains a zone must not move the warehouse.
        { parent, ignoreChanges: ["availabilityZone"] },
      ),
  );
  const associations = subnets.map(
    (subnet, index) =>
      new aws.ec2.RouteTableAssociation(
        `${name}-routes-${index + 1}`,
        { subnetId: subnet.id, routeTableId: routes.id },
        { parent },
      ),
  );
  return { vpcId: vpc.id, subnetIds: subnets.map((subnet) => subnet.id), ready: associations };
}
