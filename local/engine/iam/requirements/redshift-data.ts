import { arn, workgroupId } from "../../aws.ts";
import { jsonBody, type Requirements, text } from "./requirements.ts";

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonredshiftdataapi.html */
export const redshiftData: Requirements = {
  /** The Data API reads the secret with the caller's rights. */
  ExecuteStatement(call) {
    const { WorkgroupName, ClusterIdentifier, SecretArn } = jsonBody(call);
    const resource =
      WorkgroupName === undefined
        ? arn("redshift", call.region, `cluster:${text(ClusterIdentifier)}`)
        : arn("redshift-serverless", call.region, `workgroup/${workgroupId(text(WorkgroupName))}`);
    return [
      { action: "redshift-data:ExecuteStatement", resource },
      { action: "secretsmanager:GetSecretValue", resource: text(SecretArn) },
    ];
  },
  DescribeStatement: () => [{ action: "redshift-data:DescribeStatement", resource: "*" }],
};
