import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "../kind.ts";
import { trustLambda } from "../parts/trust.ts";

/** What a consumer's function works with, and must be allowed to use. */
interface RoleArgs {
  readonly streamArn: pulumi.Input<string>;
  readonly logGroupArn: pulumi.Output<string>;
  readonly failureQueueArn: pulumi.Input<string>;
  /** The source's KMS key, if it has one of the user's. */
  readonly kmsKeyArn?: pulumi.Input<string> | undefined;
  /** What its destinations need. */
  readonly grants: readonly Grant[];
}

/** Makes the role of a consumer's function, with the policy that must be there before the function runs. */
export function makeRole(name: string, args: RoleArgs, opts: pulumi.CustomResourceOptions) {
  const role = new aws.iam.Role(`${name}-role`, { assumeRolePolicy: trustLambda(opts) }, opts);
  const policy = new aws.iam.RolePolicy(
    `${name}-policy`,
    { role: role.name, policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements(args) }) },
    opts,
  );
  return { role, policy };
}

/** One statement per purpose, exact actions on exact resources. */
function statements({ streamArn, logGroupArn, failureQueueArn, kmsKeyArn, grants }: RoleArgs) {
  return [
    allow("ReadStream", ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"], [streamArn]),
    // Lambda refuses a mapping without ListStreams, and AWS knows no resource for it: it lists the streams of all tables.
    allow("FindStream", ["dynamodb:ListStreams"], ["*"]),
    // The log streams of the group. Lambda chooses their names.
    allow("WriteLog", ["logs:CreateLogStream", "logs:PutLogEvents"], [logGroupArn.apply((arn) => `${arn}:*`)]),
    allow("ReportFailures", ["sqs:SendMessage"], [failureQueueArn]),
    ...(kmsKeyArn === undefined ? [] : [allow("DecryptStream", ["kms:Decrypt"], [kmsKeyArn])]),
    ...grants.map(({ actions, resources }, index) => allow(`Deliver${index}`, actions, resources)),
  ];
}

function allow(Sid: string, Action: readonly string[], Resource: readonly pulumi.Input<string>[]) {
  return { Sid, Effect: "Allow", Action: [...Action], Resource: [...Resource] };
}
