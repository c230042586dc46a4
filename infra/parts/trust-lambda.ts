import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/**
 * The trust policy of a function's role: Lambda may assume it for functions of this account. Which function it works for it says too (`aws:SourceArn`), but
 * that one has no name before it has a role.
 * https://docs.aws.amazon.com/lambda/latest/dg/permissions-managed-policies.html
 */
export function trustLambda({ parent }: Pick<pulumi.CustomResourceOptions, "parent">): pulumi.Output<string> {
  const { accountId } = aws.getCallerIdentityOutput({}, parent === undefined ? {} : { parent });
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
      },
    ],
  });
}
