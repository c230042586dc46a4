import { randomUUID } from "node:crypto";
import type * as aws from "@pulumi/aws";
import { UserError } from "../../../terminal/user-error.ts";
import { account, arn, hex, workgroupId } from "../aws.ts";
import type { Redshift } from "../redshift/redshift.ts";
import { statements } from "../redshift/tokens.ts";
import { accept, type LocalResource, placeholder } from "../resource.ts";
import type { World } from "../world/world.ts";
import { keepSecret } from "./secretsmanager.ts";

/** A namespace: all of them share the one database of the stand-in. */
export const namespace: LocalResource = {
  async create(registration, world) {
    const args = accept<aws.redshiftserverless.NamespaceArgs>(registration, {
      used: ["adminUsername", "adminUserPassword", "dbName", "manageAdminPassword", "namespaceName"],
      ignored: ["adminPasswordSecretKmsKeyId", "defaultIamRoleArn", "iamRoles", "kmsKeyId", "logExports", "tags"],
    });
    const { region } = registration;
    const redshift = await world.redshift.get();
    const namespaceId = randomUUID();
    const username = args.adminUsername ?? "admin";
    const dbName = args.dbName ?? "dev";
    const managed = args.manageAdminPassword === true;
    if (managed && args.adminUserPassword !== undefined) {
      throw new UserError("`adminUserPassword` and `manageAdminPassword` exclude each other: leave one of them out.");
    }
    const password = managed ? (world.administrators.get(username) ?? `Aa1${hex(29)}`) : args.adminUserPassword;
    if (password !== undefined) await administrator(redshift, world, username, password);
    world.databases.set(args.namespaceName, dbName);
    const value = JSON.stringify({ username, password });
    const secret = managed
      ? { adminPasswordSecretArn: keepSecret(world, region, `redshift!${args.namespaceName}-${username}`, value) }
      : {};
    return {
      id: args.namespaceName,
      outputs: {
        arn: arn("redshift-serverless", region, `namespace/${namespaceId}`),
        namespaceId,
        adminUsername: username,
        dbName,
        ...secret,
      },
    };
  },
};

/** Creates an administrator in the database that all namespaces share, where each user has one password. */
async function administrator(redshift: Redshift, world: World, user: string, password: string): Promise<void> {
  const known = world.administrators.get(user);
  if (known === password) return;
  if (known !== undefined) {
    throw new UserError(
      `another namespace has an administrator ${user} with another password, but on this machine all namespaces share one database. Give this one another \`adminUsername\`.`,
    );
  }
  world.administrators.set(user, password);
  const [name, text] = [user.replaceAll('"', '""'), password.replaceAll("'", "''")];
  try {
    await redshift.execute(`CREATE USER "${name}" PASSWORD '${text}' CREATEUSER`);
  } catch (error) {
    world.administrators.delete(user);
    throw error;
  }
}

/** A workgroup: an address of the stand-in. */
export const workgroup: LocalResource = {
  create(registration, world) {
    const args = accept<aws.redshiftserverless.WorkgroupArgs>(registration, {
      used: ["baseCapacity", "enhancedVpcRouting", "namespaceName", "port", "publiclyAccessible", "workgroupName"],
      ignored: [
        "configParameters",
        "maxCapacity",
        "pricePerformanceTarget",
        "securityGroupIds",
        "subnetIds",
        "tags",
        "trackName",
      ],
      nested: {
        configParameters: { parameterKey: true, parameterValue: true },
        pricePerformanceTarget: { enabled: true, level: true },
      },
    });
    const { region } = registration;
    const { workgroupName, namespaceName, port = 5439 } = args;
    const address = `${workgroupName}.${account}.${region}.redshift-serverless.amazonaws.com`;
    world.workgroups.set(address, {
      port,
      namespaceName,
      publiclyAccessible: args.publiclyAccessible ?? false,
      enhancedVpcRouting: args.enhancedVpcRouting ?? false,
      ...(args.baseCapacity === undefined ? {} : { baseCapacity: args.baseCapacity }),
    });
    return {
      id: workgroupName,
      outputs: {
        arn: arn("redshift-serverless", region, `workgroup/${workgroupId(workgroupName)}`),
        workgroupId: workgroupId(workgroupName),
        port,
        endpoints: [{ address, port, vpcEndpoints: [] }],
      },
    };
  },
};

export const usageLimit = placeholder<aws.redshiftserverless.UsageLimitArgs>(
  ["amount", "breachAction", "period", "resourceArn", "usageType"],
  ({ region }) => {
    const id = randomUUID();
    return { id, outputs: { arn: arn("redshift-serverless", region, `usagelimit/${id}`) } };
  },
);

/**
 * A statement of the Data API: it runs in the stand-in, as an administrator, whatever warehouse it is for. One that the program
 * does not make is one that it expects to find.
 */
export const statement: LocalResource = {
  async create(registration, world) {
    const args = accept<aws.redshiftdata.StatementArgs>(registration, {
      used: ["sql", "clusterIdentifier", "workgroupName"],
      ignored: ["database", "dbUser", "secretArn", "statementName", "withEvent"],
    });
    const count = statements(args.sql).length;
    if (count !== 1) {
      throw new UserError(
        `\`sql\` has ${count} statements, but the Data API's ExecuteStatement takes one. Make each of them a Statement of its own.`,
      );
    }
    const { workgroupName, clusterIdentifier } = args;
    world.expectWarehouse(String(workgroupName ?? clusterIdentifier));
    const redshift = await world.redshift.get();
    await redshift.execute(args.sql);
    return { id: randomUUID(), outputs: {} };
  },
};
