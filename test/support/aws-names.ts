/** What AWS allows as the name of one type of resource. */
interface NameRule {
  /** The argument that gives the name. Where the program gives none, Pulumi makes one of the logical name. @default "name" */
  readonly argument?: string;
  /** The whole name: its letters and its length. */
  readonly pattern: RegExp;
  /** Whether it need only be unique within another resource. @default false */
  readonly scoped?: boolean;
}

/** What Pulumi puts behind a logical name where the program gives no name: a hyphen and seven hexadecimal digits. */
export const madeSuffix = "-0a1b2c3";

/**
 * The types of resource that have a name, with what AWS allows as one: the patterns and lengths of its service models
 * (https://github.com/boto/botocore/tree/develop/botocore/data), or, where the model gives none, of the API's page.
 */
export const nameRules: Readonly<Record<string, NameRule>> = {
  "aws:cloudwatch/logGroup:LogGroup": { pattern: /^[.\-_/#A-Za-z0-9]{1,512}$/ },
  "aws:cloudwatch/logStream:LogStream": { pattern: /^[^:*]{1,512}$/, scoped: true },
  "aws:cloudwatch/metricAlarm:MetricAlarm": { pattern: /^[ -~]{1,255}$/ },
  "aws:dynamodb/table:Table": { pattern: /^[a-zA-Z0-9_.-]{3,255}$/ },
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
  "aws:ec2/securityGroup:SecurityGroup": { pattern: /^(?!sg-)[\w .\-:/()#,@[\]+=&;{}!$*]{1,255}$/ },
  "aws:iam/role:Role": { pattern: /^[\w+=,.@-]{1,64}$/ },
  "aws:iam/rolePolicy:RolePolicy": { pattern: /^[\w+=,.@-]{1,128}$/ },
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": { pattern: /^[a-zA-Z0-9_.-]{1,64}$/ },
  "aws:lambda/function:Function": { pattern: /^[a-zA-Z0-9-_]{1,64}$/ },
  "aws:redshiftserverless/namespace:Namespace": { argument: "namespaceName", pattern: /^[a-z0-9-]{3,64}$/ },
  // Narrower than what CreateWorkgroup takes (64): the Data API takes 63, and so does a label of a host's name, which
  // neither begins nor ends with a hyphen. Firehose's pattern for `ClusterJDBCURL` says the same.
  "aws:redshiftserverless/workgroup:Workgroup": {
    argument: "workgroupName",
    pattern: /^(?!-)[a-z0-9-]{3,63}(?<!-)$/,
  },
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  "aws:s3/bucket:Bucket": {
    argument: "bucket",
    pattern:
      /^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9](?!.*(?:\.\.|-s3alias$|--ol-s3$|\.mrap$|--x-s3$|--table-s3$))[a-z0-9.-]{1,61}[a-z0-9]$/,
  },
  // Not with a hyphen and six characters at its end: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
  "aws:secretsmanager/secret:Secret": { pattern: /^[\w/+=.@-]{1,512}(?<!-[^-]{6})$/ },
  // https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
  "aws:sns/topic:Topic": { pattern: /^[\w-]{1,256}$/ },
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
  "aws:sqs/queue:Queue": { pattern: /^(?=.{1,80}$)[\w-]+(?:\.fifo)?$/ },
};

/** Types of resource that AWS names by itself, or that go by the name of another. */
export const nameless: ReadonlySet<string> = new Set([
  "aws:ec2/internetGateway:InternetGateway",
  "aws:ec2/routeTable:RouteTable",
  "aws:ec2/routeTableAssociation:RouteTableAssociation",
  "aws:ec2/subnet:Subnet",
  "aws:ec2/vpc:Vpc",
  "aws:lambda/eventSourceMapping:EventSourceMapping",
  "aws:lambda/invocation:Invocation",
  "aws:redshiftserverless/usageLimit:UsageLimit",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:secretsmanager/secretVersion:SecretVersion",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sns/topicSubscription:TopicSubscription",
  "aws:sqs/queuePolicy:QueuePolicy",
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
  "random:index/randomId:RandomId",
  "random:index/randomPassword:RandomPassword",
]);

/** Texts that names are part of, with what AWS allows as such a text, by type of resource and path of the input. */
export const textRules: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  "aws:cloudwatch/metricAlarm:MetricAlarm": { alarmDescription: /^.{1,1024}$/s },
  // The pattern of `ClusterJDBCURL`.
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": {
    "redshiftConfiguration.clusterJdbcurl":
      /^(?=.{1,512}$)jdbc:(redshift|postgresql):\/\/((?!-)[A-Za-z0-9-]{1,63}(?<!-)\.)+(redshift(-serverless)?)\.([a-zA-Z0-9.-]+):\d{1,5}\/[a-zA-Z0-9_$-]+$/,
    "redshiftConfiguration.dataTableName": /^[a-z_][a-z0-9_]{0,126}\.[a-z_][a-z0-9_]{0,126}$/,
  },
  "aws:secretsmanager/secret:Secret": { description: /^.{0,2048}$/s },
  "aws:ec2/vpc:Vpc": { "tags.Name": /^.{1,256}$/s },
};
