import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

type Options = Pick<pulumi.CustomResourceOptions, "parent">;

/**
 * The trust policy of a function's role: Lambda may assume it for functions of this account. Which function it works for it
 * says too (`aws:SourceArn`), but that one has no name before it has a role.
 * https://docs.aws.amazon.com/lambda/latest/dg/permissions-managed-policies.html
 */
export function trustLambda(opts: Options): pulumi.Output<string> {
  return trust("lambda.amazonaws.com", "aws:SourceAccount", opts);
}

/** Firehose sends the account that it works for as external id. Whether it sends `aws:SourceAccount` is not documented. */
export function trustFirehose(opts: Options): pulumi.Output<string> {
  return trust("firehose.amazonaws.com", "sts:ExternalId", opts);
}

/** A service may assume the role for this account. @param says the condition key in which the service says for which it works */
function trust(service: string, says: string, { parent }: Options): pulumi.Output<string> {
  const { accountId } = aws.getCallerIdentityOutput({}, parent === undefined ? {} : { parent });
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { [says]: accountId } },
      },
    ],
  });
}
