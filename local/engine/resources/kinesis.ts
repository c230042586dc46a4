import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { UserError } from "../../../terminal/user-error.ts";
import { account, physicalName } from "../aws.ts";
import { denialOf } from "../iam/access-denied.ts";
import { logStreamArn } from "../iam/service-rights.ts";
import { accept, type LocalResource } from "../resource.ts";
import type { World } from "../world/world.ts";
import { mustTrust } from "./role-checks.ts";

/** A delivery stream of the Firehose stand-in. */
export const firehoseDeliveryStream: LocalResource = {
  async create(registration, world) {
    const { redshiftConfiguration } = accept<aws.kinesis.FirehoseDeliveryStreamArgs>(registration, {
      used: ["name", "destination", "redshiftConfiguration"],
      ignored: ["serverSideEncryption", "tags"],
    });
    const name = physicalName(registration, { limit: 64 });
    const url = redshiftConfiguration?.clusterJdbcurl;
    const why = url === undefined ? undefined : unreachable(url, world);
    if (why !== undefined) {
      throw new UserError(
        `\`redshiftConfiguration.clusterJdbcurl\` is ${url}, but ${why}. On AWS every load would fail with Redshift.ConnectionFailed.`,
      );
    }
    for (const roleArn of rolesOf(redshiftConfiguration)) {
      const refusal = `InvalidArgumentException: Firehose is unable to assume role ${roleArn}. Please check the role provided.`;
      await mustTrust(world, roleArn, { name: "firehose.amazonaws.com", externalId: account }, refusal);
    }
    await reportLostLogs(name, registration.region, redshiftConfiguration, world);
    world.deliveryStreams.set(name, { kind: "firehose", name, logicalName: registration.name });
    const { firehose } = await world.firehose.get();
    const { arn } = firehose.createDeliveryStream({ ...registration.inputs, name, region: registration.region });
    return { id: arn, outputs: { name, arn, destinationId: "destinationId-000000000001", versionId: "1" } };
  },
};

type Configuration = pulumi.Unwrap<aws.types.input.kinesis.FirehoseDeliveryStreamRedshiftConfiguration> | undefined;

/** All roles that the stream acts in. */
function rolesOf(configuration: Configuration): Set<string> {
  const { roleArn, s3Configuration, s3BackupConfiguration, secretsManagerConfiguration } = configuration ?? {};
  const all = [roleArn, s3Configuration?.roleArn, s3BackupConfiguration?.roleArn, secretsManagerConfiguration?.roleArn];
  return new Set(all.filter((each) => each !== undefined));
}

/** Without the right to write to its logs, Firehose still delivers, and what it would log is lost. */
async function reportLostLogs(name: string, region: string, configuration: Configuration, world: World): Promise<void> {
  for (const part of [configuration, configuration?.s3Configuration, configuration?.s3BackupConfiguration]) {
    const { enabled, logGroupName = "", logStreamName = "" } = part?.cloudwatchLoggingOptions ?? {};
    if (part === undefined || !enabled) continue;
    const rights = [{ action: "logs:PutLogEvents", resource: logStreamArn(region, logGroupName, logStreamName) }];
    const denied = () => denialOf(world.roles, part.roleArn, name, rights, region);
    if (await world.creations.waitUntil(() => denied() === undefined)) continue;
    world.onProblem(`What Firehose writes to the log of the delivery stream ${name} is lost: ${denied()}`);
  }
}

/**
 * Why Firehose could not connect to what a JDBC URL names; undefined if it could. On AWS the stream would be made, and
 * each load would fail. A host outside of the program's own account is an existing warehouse: nothing here can reach it,
 * so the stand-in for Redshift takes its place, and whether Firehose could connect to it is not known.
 * https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-rs-vpc
 */
function unreachable(url: string, world: World): string | undefined {
  const [, host = "", port, database] = /^jdbc:[a-z]+:\/\/([^:/]+):(\d+)\/(.+)$/.exec(url) ?? [];
  if (!host.includes(`.${account}.`)) return undefined;
  const workgroup = world.workgroups.get(host);
  if (workgroup === undefined) return `this program made no workgroup at ${host}`;
  const { namespaceName, publiclyAccessible, enhancedVpcRouting } = workgroup;
  const made = world.databases.get(namespaceName);
  if (Number(port) !== workgroup.port) return `its workgroup listens on port ${workgroup.port}`;
  if (made === undefined) return `this program made no namespace ${namespaceName}, to which its workgroup belongs`;
  if (database !== made) return `its namespace was made with the database ${made}`;
  if (!publiclyAccessible)
    return "its workgroup is not `publiclyAccessible`, and Firehose comes from outside of the VPC";
  if (enhancedVpcRouting) return "its workgroup has `enhancedVpcRouting`, with which Firehose cannot load";
  return undefined;
}
