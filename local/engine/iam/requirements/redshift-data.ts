import { account, workgroupId } from "../../aws.ts";
import { jsonBody, type Requirements, text } from "./requirements.ts";

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonredshiftdataapi.html */
export const redshiftData: Requirements = {
  /** The Data API reads the secret with the caller's rights. */
  ExecuteStatement(call) {
    const { WorkgroupName, ClusterIdentifier, SecretArn } = jsonBody(call);
    // A warehouse that the program expects to find is of the account that its secret is of.
    const owner = text(SecretArn).split(":")[4] || account;
    const resource =
      WorkgroupName === undefined
        ? `arn:aws:redshift:${call.region}:${owner}:cluster:${text(ClusterIdentifier)}`
        : `arn:aws:redshift-serverless:${call.region}:${owner}:workgroup/${workgroupId(text(WorkgroupName))}`;
    return [
      { action: "redshift-data:ExecuteStatement", resource },
      { action: "secretsmanager:GetSecretValue", resource: text(SecretArn) },
    ];
  },
  DescribeStatement: () => [{ action: "redshift-data:DescribeStatement", resource: "*" }],
};
