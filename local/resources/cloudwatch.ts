import type * as aws from "@pulumi/aws";
import { arn } from "../aws.ts";
import { inert } from "../resource.ts";
import { physicalName } from "./naming.ts";

/** A log group has a name only: what functions print is kept by the functions. */
export const logGroup = inert<aws.cloudwatch.LogGroupArgs>(
  [
    "deletionProtectionEnabled",
    "kmsKeyId",
    "logGroupClass",
    "name",
    "namePrefix",
    "retentionInDays",
    "skipDestroy",
    "tags",
  ],
  (registration, _, world) => {
    const name = physicalName(registration, { limit: 512 });
    const groupArn = arn("logs", registration.region, `log-group:${name}`);
    world.logGroups.add(groupArn);
    return { id: name, outputs: { name, arn: groupArn } };
  },
);

export const logStream = inert<aws.cloudwatch.LogStreamArgs>(
  ["logGroupName", "name"],
  (registration, { logGroupName }) => {
    const name = physicalName(registration, { limit: 512 });
    const group = arn("logs", registration.region, `log-group:${logGroupName}`);
    return { id: name, outputs: { name, arn: `${group}:log-stream:${name}` } };
  },
);
