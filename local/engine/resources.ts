import type { LocalCall, LocalResource } from "./resource.ts";
import { logGroup, logStream, metricAlarm } from "./resources/cloudwatch.ts";
import { getTable, table, tableItem } from "./resources/dynamodb.ts";
import * as ec2 from "./resources/ec2.ts";
import { getPolicyDocument, policy, role, rolePolicy, rolePolicyAttachment } from "./resources/iam.ts";
import { firehoseDeliveryStream } from "./resources/kinesis.ts";
import * as kms from "./resources/kms.ts";
import { lambdaFunction } from "./resources/lambda.ts";
import { alias, functionEventInvokeConfig, permission } from "./resources/lambda-access.ts";
import { invocation } from "./resources/lambda-invocation.ts";
import { eventSourceMapping } from "./resources/lambda-mapping.ts";
import { getAvailabilityZones, getCallerIdentity, getPartition, getRegion } from "./resources/provider.ts";
import { randomId, randomPassword } from "./resources/random.ts";
import * as redshift from "./resources/redshift.ts";
import * as s3 from "./resources/s3.ts";
import { bucketObject } from "./resources/s3-object.ts";
import { secret, secretVersion } from "./resources/secretsmanager.ts";
import * as sns from "./resources/sns.ts";
import { queue, queuePolicy, redriveAllowPolicy, redrivePolicy } from "./resources/sqs.ts";

/** Every type of resource that a program may have on this machine. A further one: a file in `resources/` and a line here. */
export const resources = {
  "aws:cloudwatch/logGroup:LogGroup": logGroup,
  "aws:cloudwatch/logStream:LogStream": logStream,
  "aws:cloudwatch/metricAlarm:MetricAlarm": metricAlarm,
  "aws:dynamodb/table:Table": table,
  "aws:dynamodb/tableItem:TableItem": tableItem,
  "aws:ec2/internetGateway:InternetGateway": ec2.internetGateway,
  "aws:ec2/route:Route": ec2.route,
  "aws:ec2/routeTable:RouteTable": ec2.routeTable,
  "aws:ec2/routeTableAssociation:RouteTableAssociation": ec2.routeTableAssociation,
  "aws:ec2/securityGroup:SecurityGroup": ec2.securityGroup,
  "aws:ec2/securityGroupRule:SecurityGroupRule": ec2.securityGroupRule,
  "aws:ec2/subnet:Subnet": ec2.subnet,
  "aws:ec2/vpc:Vpc": ec2.vpc,
  "aws:iam/policy:Policy": policy,
  "aws:iam/role:Role": role,
  "aws:iam/rolePolicy:RolePolicy": rolePolicy,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": rolePolicyAttachment,
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": firehoseDeliveryStream,
  "aws:kms/alias:Alias": kms.alias,
  "aws:kms/key:Key": kms.key,
  "aws:lambda/alias:Alias": alias,
  "aws:lambda/eventSourceMapping:EventSourceMapping": eventSourceMapping,
  "aws:lambda/function:Function": lambdaFunction,
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": functionEventInvokeConfig,
  "aws:lambda/invocation:Invocation": invocation,
  "aws:lambda/permission:Permission": permission,
  "aws:redshiftdata/statement:Statement": redshift.statement,
  "aws:redshiftserverless/namespace:Namespace": redshift.namespace,
  "aws:redshiftserverless/usageLimit:UsageLimit": redshift.usageLimit,
  "aws:redshiftserverless/workgroup:Workgroup": redshift.workgroup,
  "aws:s3/bucket:Bucket": s3.bucket,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": s3.bucketLifecycle,
  "aws:s3/bucketObject:BucketObject": bucketObject,
  "aws:s3/bucketObjectv2:BucketObjectv2": bucketObject,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": s3.bucketOwnershipControls,
  "aws:s3/bucketPolicy:BucketPolicy": s3.bucketPolicy,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": s3.bucketPublicAccessBlock,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": s3.bucketEncryption,
  "aws:s3/bucketV2:BucketV2": s3.bucket,
  "aws:secretsmanager/secret:Secret": secret,
  "aws:secretsmanager/secretVersion:SecretVersion": secretVersion,
  "aws:sns/topic:Topic": sns.topic,
  "aws:sns/topicPolicy:TopicPolicy": sns.topicPolicy,
  "aws:sns/topicSubscription:TopicSubscription": sns.topicSubscription,
  "aws:sqs/queue:Queue": queue,
  "aws:sqs/queuePolicy:QueuePolicy": queuePolicy,
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": redriveAllowPolicy,
  "aws:sqs/redrivePolicy:RedrivePolicy": redrivePolicy,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ec2.securityGroupEgressRule,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ec2.securityGroupIngressRule,
  "random:index/randomId:RandomId": randomId,
  "random:index/randomPassword:RandomPassword": randomPassword,
} satisfies Record<string, LocalResource>;

/** Every provider function that a program may call on this machine. */
export const calls = {
  "aws:dynamodb/getTable:getTable": getTable,
  "aws:iam/getPolicyDocument:getPolicyDocument": getPolicyDocument,
  "aws:index/getAvailabilityZones:getAvailabilityZones": getAvailabilityZones,
  "aws:index/getCallerIdentity:getCallerIdentity": getCallerIdentity,
  "aws:index/getPartition:getPartition": getPartition,
  "aws:index/getRegion:getRegion": getRegion,
} satisfies Record<string, LocalCall>;
