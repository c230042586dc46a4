import type * as pulumi from "@pulumi/pulumi";
import type { Grant } from "../kind.ts";

/** What a consumer's function must be allowed to do besides what its destinations need. */
export interface Rights {
  readonly streamArn: pulumi.Input<string>;
  readonly logGroupArn: pulumi.Output<string>;
  readonly failureQueueArn: pulumi.Input<string>;
  /** The source's KMS key, if it has one of the user's. */
  readonly kmsKeyArn?: pulumi.Input<string>;
}

/** What a consumer's role is allowed: one statement per purpose, exact actions on exact resources. */
export function statements(rights: Rights, grants: readonly Grant[]) {
  return [
    allow(
      "ReadStream",
      ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
      [rights.streamArn],
    ),
    // Lambda refuses a mapping without ListStreams, and AWS knows no resource for it: it lists the streams of all tables.
    allow("FindStream", ["dynamodb:ListStreams"], ["*"]),
    // The log streams of the group; Lambda makes their names up.
    allow("WriteLog", ["logs:CreateLogStream", "logs:PutLogEvents"], [rights.logGroupArn.apply((arn) => `${arn}:*`)]),
    allow("ReportFailures", ["sqs:SendMessage"], [rights.failureQueueArn]),
    ...(rights.kmsKeyArn === undefined ? [] : [allow("DecryptStream", ["kms:Decrypt"], [rights.kmsKeyArn])]),
    ...grants.map(({ actions, resources }, index) => allow(`Deliver${index}`, actions, resources)),
  ];
}

function allow(Sid: string, Action: readonly string[], Resource: readonly pulumi.Input<string>[]) {
  return { Sid, Effect: "Allow", Action: [...Action], Resource: [...Resource] };
}
