import { randomUUID } from "node:crypto";
import type * as aws from "@pulumi/aws";
import { account, arn } from "../aws.ts";
import { accept, inert, type LocalResource } from "../resource.ts";
import { hex } from "./naming.ts";
import { keepSecret } from "./secretsmanager.ts";

/** A namespace: all of them share the one database of the stand-in. */
export const namespace: LocalResource = {
  async create(registration, world) {
    const args = accept<aws.redshiftserverless.NamespaceArgs>(registration, {
      used: ["adminUsername", "adminUserPassword", "dbName", "manageAdminPassword", "namespaceName"],
      withoutMeaning: [
        "adminPasswordSecretKmsKeyId",
        "defaultIamRoleArn",
        "iamRoles",
        "kmsKeyId",
        "logExports",
        "tags",
      ],
    });
    const { region } = registration;
    await world.redshift.get();
    const namespaceId = randomUUID();
    const username = args.adminUsername ?? "admin";
    const managed = args.manageAdminPassword === true;
    const value = JSON.stringify({ username, password: hex(32) });
    const secret = managed
      ? { adminPasswordSecretArn: keepSecret(world, region, `redshift!${args.namespaceName}-${username}`, value) }
      : {};
    return {
      id: args.namespaceName,
      outputs: {
        arn: arn("redshift-serverless", region, `namespace/${namespaceId}`),
        namespaceId,
        adminUsername: username,
        dbName: args.dbName ?? "dev",
        ...secret,
      },
    };
  },
};

/** A workgroup: an address, behind which there is the stand-in. */
export const workgroup = inert<aws.redshiftserverless.WorkgroupArgs>(
  [
    "baseCapacity",
    "configParameters",
    "enhancedVpcRouting",
    "maxCapacity",
    "namespaceName",
    "port",
    "pricePerformanceTarget",
    "publiclyAccessible",
    "securityGroupIds",
    "subnetIds",
    "tags",
    "trackName",
    "workgroupName",
  ],
  ({ region }, { workgroupName, port = 5439 }) => {
    const workgroupId = randomUUID();
    const address = `${workgroupName}.${account}.${region}.redshift-serverless.amazonaws.com`;
    return {
      id: workgroupName,
      outputs: {
        arn: arn("redshift-serverless", region, `workgroup/${workgroupId}`),
        workgroupId,
        port,
        endpoints: [{ address, port, vpcEndpoints: [] }],
      },
    };
  },
);

export const usageLimit = inert<aws.redshiftserverless.UsageLimitArgs>(
  ["amount", "breachAction", "period", "resourceArn", "usageType"],
  ({ region }) => {
    const id = randomUUID();
    return { id, outputs: { arn: arn("redshift-serverless", region, `usagelimit/${id}`) } };
  },
);

/** A statement of the Data API: it runs in the stand-in, as an administrator, whatever warehouse it is for. */
export const statement: LocalResource = {
  async create(registration, world) {
    const args = accept<aws.redshiftdata.StatementArgs>(registration, {
      used: ["sql"],
      withoutMeaning: [
        "clusterIdentifier",
        "database",
        "dbUser",
        "secretArn",
        "statementName",
        "withEvent",
        "workgroupName",
      ],
    });
    const redshift = await world.redshift.get();
    await redshift.execute(args.sql);
    return { id: randomUUID(), outputs: {} };
  },
};
