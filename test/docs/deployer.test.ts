import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { graph } from "../support/graph.ts";

/** What the provider calls for each type of resource, as IAM's actions: to make, read and delete it, and for tags. */
const actions: Readonly<Record<string, string>> = {
  "aws:dynamodb/table:Table":
    "CreateTable DescribeTable UpdateTable DeleteTable UpdateTimeToLive DescribeTimeToLive UpdateContinuousBackups DescribeContinuousBackups TagResource ListTagsOfResource",
  "aws:lambda/function:Function":
    "CreateFunction GetFunction GetFunctionCodeSigningConfig ListVersionsByFunction UpdateFunctionCode UpdateFunctionConfiguration PutFunctionConcurrency DeleteFunction TagResource",
  "aws:lambda/eventSourceMapping:EventSourceMapping":
    "CreateEventSourceMapping GetEventSourceMapping UpdateEventSourceMapping DeleteEventSourceMapping ListTags",
  "aws:sqs/queue:Queue": "CreateQueue GetQueueAttributes SetQueueAttributes DeleteQueue TagQueue ListQueueTags",
  "aws:sqs/queuePolicy:QueuePolicy": "SetQueueAttributes",
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": "SetQueueAttributes",
  "aws:cloudwatch/logGroup:LogGroup":
    "CreateLogGroup DescribeLogGroups DeleteLogGroup PutRetentionPolicy ListTagsForResource",
  "aws:cloudwatch/logStream:LogStream": "CreateLogStream DescribeLogStreams DeleteLogStream",
  "aws:cloudwatch/metricAlarm:MetricAlarm": "PutMetricAlarm DescribeAlarms DeleteAlarms",
  "aws:iam/role:Role":
    "CreateRole GetRole DeleteRole UpdateAssumeRolePolicy ListRolePolicies ListAttachedRolePolicies ListInstanceProfilesForRole TagRole PassRole",
  "aws:iam/rolePolicy:RolePolicy": "PutRolePolicy GetRolePolicy DeleteRolePolicy",
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream":
    "CreateDeliveryStream DescribeDeliveryStream UpdateDestination StartDeliveryStreamEncryption DeleteDeliveryStream ListTagsForDeliveryStream",
  // With `manageAdminPassword`, Redshift makes the secret in the caller's name:
  // https://github.com/awslabs/data-solutions-framework-on-aws/pull/323
  "aws:redshiftserverless/namespace:Namespace":
    "CreateNamespace GetNamespace UpdateNamespace DeleteNamespace CreateSecret DescribeSecret RotateSecret DeleteSecret TagResource",
  // https://github.com/awslabs/data-solutions-framework-on-aws/pull/406
  "aws:redshiftserverless/workgroup:Workgroup":
    "CreateWorkgroup GetWorkgroup UpdateWorkgroup DeleteWorkgroup CreateServiceLinkedRole DescribeAddresses DescribeAccountAttributes",
  "aws:redshiftserverless/usageLimit:UsageLimit": "CreateUsageLimit GetUsageLimit UpdateUsageLimit DeleteUsageLimit",
  "aws:lambda/invocation:Invocation": "InvokeFunction",
  "aws:secretsmanager/secret:Secret": "CreateSecret DescribeSecret GetResourcePolicy DeleteSecret UpdateSecret",
  "aws:secretsmanager/secretVersion:SecretVersion": "PutSecretValue GetSecretValue UpdateSecretVersionStage",
  // What the provider reads of a bucket whatever it is made of:
  // https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/s3/bucket.go (resourceBucketRead)
  "aws:s3/bucket:Bucket":
    "CreateBucket DeleteBucket ListBucket GetBucketPolicy GetBucketAcl GetBucketCORS GetBucketWebsite GetBucketVersioning GetAccelerateConfiguration GetBucketRequestPayment GetBucketLogging GetLifecycleConfiguration GetReplicationConfiguration GetEncryptionConfiguration GetBucketObjectLockConfiguration GetBucketTagging PutBucketTagging ListTagsForResource ListBucketVersions DeleteObject DeleteObjectVersion",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": "PutLifecycleConfiguration",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": "GetBucketOwnershipControls PutBucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy": "PutBucketPolicy DeleteBucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "GetBucketPublicAccessBlock PutBucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    "PutEncryptionConfiguration",
  "aws:sns/topic:Topic": "CreateTopic GetTopicAttributes SetTopicAttributes DeleteTopic",
  "aws:sns/topicPolicy:TopicPolicy": "SetTopicAttributes",
  "aws:sns/topicSubscription:TopicSubscription": "Subscribe GetSubscriptionAttributes Unsubscribe",
  "aws:ec2/vpc:Vpc":
    "CreateVpc DescribeVpcs DescribeVpcAttribute ModifyVpcAttribute DeleteVpc DescribeNetworkAcls CreateTags",
  "aws:ec2/internetGateway:InternetGateway":
    "CreateInternetGateway DescribeInternetGateways AttachInternetGateway DetachInternetGateway DeleteInternetGateway",
  "aws:ec2/routeTable:RouteTable": "CreateRouteTable DescribeRouteTables CreateRoute DeleteRoute DeleteRouteTable",
  "aws:ec2/routeTableAssociation:RouteTableAssociation": "AssociateRouteTable DisassociateRouteTable",
  "aws:ec2/securityGroup:SecurityGroup":
    "CreateSecurityGroup DescribeSecurityGroups AuthorizeSecurityGroupIngress RevokeSecurityGroupIngress RevokeSecurityGroupEgress DeleteSecurityGroup DescribeNetworkInterfaces",
  "aws:ec2/subnet:Subnet": "CreateSubnet DescribeSubnets ModifySubnetAttribute DeleteSubnet DescribeAvailabilityZones",
};

const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
const list = readme.slice(readme.indexOf("### What the deployer may need to do"), readme.indexOf("## Configure"));

describe("what the README says that the deployer may need to do", () => {
  it("has every action that the stacks' resources need", async () => {
    const stacks = [
      await graph({ stack: "dev", config: { alarms: { email: "a@example.com" } } }),
      await graph({ stack: "prod" }),
    ];
    const types = new Set(stacks.flatMap(({ resources }) => resources.map(({ type }) => type)));
    const ofAws = [...types].filter((type) => type.startsWith("aws:")).toSorted();
    expect(ofAws.filter((type) => actions[type] === undefined)).to.deep.equal([]);
    const needed = ofAws.flatMap((type) => actions[type]!.split(" ").map((action) => [type, action]));
    expect(needed.filter(([, action]) => !list.includes(`\`${action}\``))).to.deep.equal([]);
    expect(Object.keys(actions).filter((type) => !types.has(type))).to.deep.equal([]);
  });
});
