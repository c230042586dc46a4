import { expect } from "chai";
import { type Graph, graph } from "../support/graph.ts";

const account = "111122223333";
const stream = `arn:aws:dynamodb:us-east-1:${account}:table/fanout-table-1234567/stream/2026-01-01T00:00:00.000`;
const queueArn = (name: string) => `arn:aws:sqs:us-east-1:${account}:${name}`;

describe("the dev stack", () => {
  let dev: Graph;
  before(async () => {
    dev = await graph({ stack: "dev" });
  });

  it("has exactly these resources, and no two of a type with one name", () => {
    const byType = Map.groupBy(dev.resources, ({ type }) => type);
    const counts = Object.fromEntries([...byType].map(([type, all]) => [type, all.length]));
    expect(counts).to.deep.equal({
      "pulumi:pulumi:Stack": 1,
      "fanout:index:FanOut": 1,
      "fanout:index:Destination": 3,
      "fanout:index:Consumer": 3,
      "fanout:index:SecureQueue": 5,
      "aws:dynamodb/table:Table": 2,
      "aws:lambda/function:Function": 4,
      "aws:lambda/invocation:Invocation": 1,
      "aws:lambda/eventSourceMapping:EventSourceMapping": 3,
      "aws:sqs/queue:Queue": 5,
      "aws:sqs/queuePolicy:QueuePolicy": 5,
      "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": 1,
      "aws:cloudwatch/logGroup:LogGroup": 7,
      "aws:cloudwatch/metricAlarm:MetricAlarm": 23,
      "aws:iam/role:Role": 5,
      "aws:iam/rolePolicy:RolePolicy": 5,
      "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": 1,
      "aws:redshiftserverless/namespace:Namespace": 1,
      "aws:redshiftserverless/workgroup:Workgroup": 1,
      "aws:redshiftserverless/usageLimit:UsageLimit": 2,
      "aws:cloudwatch/logStream:LogStream": 2,
      "aws:ec2/internetGateway:InternetGateway": 1,
      "aws:ec2/routeTable:RouteTable": 1,
      "aws:ec2/routeTableAssociation:RouteTableAssociation": 3,
      "aws:ec2/securityGroup:SecurityGroup": 1,
      "aws:ec2/subnet:Subnet": 3,
      "aws:ec2/vpc:Vpc": 1,
      "aws:s3/bucket:Bucket": 2,
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": 2,
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls": 2,
      "aws:s3/bucketPolicy:BucketPolicy": 2,
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": 2,
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": 2,
      "aws:secretsmanager/secret:Secret": 1,
      "aws:secretsmanager/secretVersion:SecretVersion": 1,
      "fanout:index:ChangeLog": 1,
      "fanout:index:ClaimBucket": 1,
      "fanout:index:DeliveryStream": 1,
      "fanout:index:Loader": 1,
      "fanout:index:Network": 1,
      "fanout:index:ServerlessWarehouse": 1,
      "fanout:index:Setup": 1,
      "fanout:index:StagingBucket": 1,
      "random:index/randomId:RandomId": 1,
      "random:index/randomPassword:RandomPassword": 1,
    });
    const names = dev.resources.map(({ type, name }) => `${type} ${name}`);
    expect(new Set(names).size).to.equal(names.length);
  });

  it("puts everything under the fan-out, named after what it belongs to", () => {
    const parentless = dev.resources.filter(({ parent }) => parent === undefined).map(({ type }) => type);
    expect(parentless).to.deep.equal(["pulumi:pulumi:Stack"]);
    expect(dev.named("fanout").parent).to.equal("dynamodb-fanout-dev");
    for (const { name, parent } of dev.resources.filter(({ type }) => type !== "pulumi:pulumi:Stack"))
      if (parent !== "dynamodb-fanout-dev") expect(name).to.match(new RegExp(`^${parent}`));
    expect(dev.of("fanout:index:Consumer").map(({ name, parent }) => [name, parent])).to.deep.equal([
      ["fanout-warehouse", "fanout"],
      ["fanout-events", "fanout"],
      ["fanout-copy", "fanout"],
    ]);
    expect(dev.named("fanout-events-function").parent).to.equal("fanout-events");
    expect(dev.named("fanout-copy-replica").parent).to.equal("fanout-copy");
  });

  it("leaves the names of its resources to Pulumi, but for the logs that Redshift looks for by name", () => {
    const named = dev.resources
      .filter(({ type }) => /^aws:(dynamodb|lambda|sqs|iam|cloudwatch\/(logGroup|metricAlarm))/.test(type))
      .flatMap(({ inputs }) => ("name" in inputs ? [inputs.name] : []));
    expect(named).to.deep.equal(
      ["connectionlog", "userlog"].map((log) => `/aws/redshift/dynamodb-fanout-dev-fanout-warehouse/${log}`),
    );
  });

  it("makes the source as the stack file says", () => {
    expect(dev.named("fanout-table").inputs).to.deep.equal({
      attributes: [{ name: "id", type: "S" }],
      hashKey: "id",
      billingMode: "PAY_PER_REQUEST",
      streamEnabled: true,
      streamViewType: "NEW_AND_OLD_IMAGES",
      pointInTimeRecovery: { enabled: false },
      deletionProtectionEnabled: false,
      serverSideEncryption: { enabled: true },
      ttl: { attributeName: "expiresAt", enabled: true },
    });
  });

  it("has a FIFO queue with high throughput and dead letters of its own", () => {
    const dead = "fanout-events-dead-letters";
    const fifo = { fifoQueue: true, deduplicationScope: "messageGroup", fifoThroughputLimit: "perMessageGroupId" };
    const common = { ...fifo, maxMessageSize: 1_048_576, sqsManagedSseEnabled: true };
    expect(dev.named("fanout-events-queue", "aws:sqs/queue:Queue").inputs).to.deep.equal({
      ...common,
      messageRetentionSeconds: 345_600,
      visibilityTimeoutSeconds: 30,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn(`${dead}-1234567.fifo`), maxReceiveCount: 5 }),
    });
    expect(dev.named(dead, "aws:sqs/queue:Queue").inputs).to.deep.equal({
      ...common,
      messageRetentionSeconds: 1_209_600,
    });
    expect(dev.named(`${dead}-redrive`).inputs).to.deep.equal({
      queueUrl: `https://sqs.us-east-1.amazonaws.com/${account}/${dead}-1234567.fifo`,
      redriveAllowPolicy: JSON.stringify({
        redrivePermission: "byQueue",
        sourceQueueArns: [queueArn("fanout-events-queue-1234567.fifo")],
      }),
    });
  });

  it("has a replica with the source's key that forgets its tombstones", () => {
    expect(dev.named("fanout-copy-replica").inputs).to.deep.equal({
      attributes: [{ name: "id", type: "S" }],
      hashKey: "id",
      billingMode: "PAY_PER_REQUEST",
      ttl: { attributeName: "_fanout_expires", enabled: true },
      pointInTimeRecovery: { enabled: false },
      deletionProtectionEnabled: false,
      serverSideEncryption: { enabled: true },
    });
  });

  it("exports what people and tools need", () => {
    const { table, stream: exported, destinations } = dev.outputs as Record<string, Record<string, unknown>>;
    expect(table).to.equal("fanout-table-1234567");
    expect(exported).to.equal(stream);
    expect(destinations).to.have.all.keys("warehouse", "events", "copy");
    expect(destinations).to.have.nested.property("events.sink.claimBucket", "fanout-events-claims-1234567");
    expect(destinations).to.have.nested.property("warehouse.sink.claimBucket", "fanout-warehouse-staging-1234567");
    expect(destinations?.copy).to.deep.equal({
      kind: "replica",
      function: "fanout-copy-function-1234567",
      logGroup: "fanout-copy-log-1234567",
      mapping: "uuid-of-fanout-copy-mapping",
      failureQueue: `https://sqs.us-east-1.amazonaws.com/${account}/fanout-copy-failures-1234567`,
      alarms: {
        failures: "fanout-copy-alarm-failures-1234567",
        "oldest-failure": "fanout-copy-alarm-oldest-failure-1234567",
        "iterator-age": "fanout-copy-alarm-iterator-age-1234567",
        errors: "fanout-copy-alarm-errors-1234567",
        throttles: "fanout-copy-alarm-throttles-1234567",
        lost: "fanout-copy-alarm-lost-1234567",
      },
      sink: {
        tableName: "fanout-copy-replica-1234567",
        tableArn: `arn:aws:dynamodb:us-east-1:${account}:table/fanout-copy-replica-1234567`,
      },
    });
  });

  it("shows the same resources in a preview, when nothing is known yet", async () => {
    const preview = await graph({ stack: "dev", preview: true });
    const names = (of: Graph) => of.resources.map(({ type, name, parent }) => `${type} ${name} in ${parent}`).sort();
    expect(names(preview)).to.deep.equal(names(dev));
    expect(preview.outputs).to.equal(undefined);
  });
});
