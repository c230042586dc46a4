import type * as aws from "@pulumi/aws";
import { account, arn, hex, physicalName } from "../aws.ts";
import { placeholder, type Registration } from "../resource.ts";

// Nothing on this machine uses the program's networks: these have ids only.

export const vpc = placeholder<aws.ec2.VpcArgs>(
  [
    "cidrBlock",
    "enableDnsHostnames",
    "enableDnsSupport",
    "enableNetworkAddressUsageMetrics",
    "instanceTenancy",
    "tags",
  ],
  (registration) =>
    made(registration, "vpc", "vpc", {
      defaultSecurityGroupId: `sg-${hex(17)}`,
      mainRouteTableId: `rtb-${hex(17)}`,
    }),
);

export const subnet = placeholder<aws.ec2.SubnetArgs>(
  ["availabilityZone", "availabilityZoneId", "cidrBlock", "mapPublicIpOnLaunch", "tags", "vpcId"],
  (registration) => made(registration, "subnet", "subnet"),
);

export const internetGateway = placeholder<aws.ec2.InternetGatewayArgs>(["tags", "vpcId"], (registration) =>
  made(registration, "igw", "internet-gateway"),
);

export const routeTable = placeholder<aws.ec2.RouteTableArgs>(
  ["routes", "tags", "vpcId"],
  (registration) => made(registration, "rtb", "route-table"),
  {
    routes: {
      cidrBlock: true,
      destinationPrefixListId: true,
      gatewayId: true,
      ipv6CidrBlock: true,
      natGatewayId: true,
    },
  },
);

export const route = placeholder<aws.ec2.RouteArgs>(
  [
    "destinationCidrBlock",
    "destinationIpv6CidrBlock",
    "destinationPrefixListId",
    "gatewayId",
    "natGatewayId",
    "routeTableId",
  ],
  () => ({ id: `r-rtb-${hex(17)}`, outputs: {} }),
);

export const routeTableAssociation = placeholder<aws.ec2.RouteTableAssociationArgs>(
  ["gatewayId", "routeTableId", "subnetId"],
  () => ({ id: `rtbassoc-${hex(17)}`, outputs: {} }),
);

const ruleShape = {
  cidrBlocks: true,
  description: true,
  fromPort: true,
  ipv6CidrBlocks: true,
  prefixListIds: true,
  protocol: true,
  securityGroups: true,
  self: true,
  toPort: true,
} as const;

export const securityGroup = placeholder<aws.ec2.SecurityGroupArgs>(
  ["description", "egress", "ingress", "name", "namePrefix", "revokeRulesOnDelete", "tags", "vpcId"],
  (registration) =>
    made(registration, "sg", "security-group", { name: physicalName(registration, { limit: 255 }), ownerId: account }),
  { egress: ruleShape, ingress: ruleShape },
);

export const securityGroupRule = placeholder<aws.ec2.SecurityGroupRuleArgs>(
  [
    "cidrBlocks",
    "description",
    "fromPort",
    "ipv6CidrBlocks",
    "prefixListIds",
    "protocol",
    "securityGroupId",
    "self",
    "sourceSecurityGroupId",
    "toPort",
    "type",
  ],
  () => ({ id: `sgrule-${hex(17)}`, outputs: {} }),
);

const oneRule = [
  "cidrIpv4",
  "cidrIpv6",
  "description",
  "fromPort",
  "ipProtocol",
  "prefixListId",
  "referencedSecurityGroupId",
  "securityGroupId",
  "tags",
  "toPort",
] as const;

export const securityGroupIngressRule = placeholder<aws.vpc.SecurityGroupIngressRuleArgs>(oneRule, (registration) =>
  made(registration, "sgr", "security-group-rule"),
);

export const securityGroupEgressRule = placeholder<aws.vpc.SecurityGroupEgressRuleArgs>(oneRule, (registration) =>
  made(registration, "sgr", "security-group-rule"),
);

function made({ region }: Registration, prefix: string, kind: string, outputs: Record<string, unknown> = {}) {
  const id = `${prefix}-${hex(17)}`;
  return { id, outputs: { arn: arn("ec2", region, `${kind}/${id}`), ...outputs } };
}
