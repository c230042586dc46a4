import { expect } from "chai";
import { provisioned } from "./provisioned.ts";

const name = "fanout-sales-events";
const roleArn = "arn:aws:iam:us-east-1:111122223333:fanout-sales-events-stream-role";
const secretArn = "arn:aws:secretsmanager:us-east-1:111122223333:fanout-sales-events-change-log-loader-secret";
const bucketArn = "arn:aws:s3:::fanout-sales-events-staging";

describe("the delivery stream into a warehouse", () => {
  let made: Awaited<ReturnType<typeof provisioned>>;
  before(async () => {
    made = await provisioned({});
  });

  it("loads through a Firehose stream that compresses, encrypts, buffers long and logs in by a secret", () => {
    expect(made.find("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream").inputs).to.deep.equal({
      destination: "redshift",
      serverSideEncryption: { enabled: true, keyType: "AWS_OWNED_CMK" },
      redshiftConfiguration: {
        roleArn,
        clusterJdbcurl: "jdbc:redshift://main.111122223333.us-east-1.redshift-serverless.amazonaws.com:5439/fanout",
        secretsManagerConfiguration: { enabled: true, secretArn, roleArn },
        dataTableName: "fanout.sales_events_changes",
        dataTableColumns:
          "key_hash,keys,operation,version,event_id,changed_at,sent_at,expired,old_image,new_image,claim_check",
        copyOptions: "FORMAT JSON 'auto' GZIP TIMEFORMAT 'auto' COMPUPDATE OFF",
        retryDuration: 7200,
        s3BackupMode: "Disabled",
        cloudwatchLoggingOptions: { enabled: true, logGroupName: `${name}-stream-log`, logStreamName: "copy" },
        s3Configuration: {
          roleArn,
          bucketArn,
          bufferingInterval: 900,
          bufferingSize: 64,
          compressionFormat: "GZIP",
          cloudwatchLoggingOptions: { enabled: true, logGroupName: `${name}-stream-log`, logStreamName: "staging" },
        },
      },
    });
    expect(made.find("aws:cloudwatch/logGroup:LogGroup", `${name}-stream-log`).inputs).to.deep.equal({
      retentionInDays: 30,
    });
  });

  it("leaves statistics out of a load that its user may not say anything about, unless the settings say so", async () => {
    const off = await provisioned({ statUpdateOff: true });
    const { redshiftConfiguration } = off.find("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream").inputs;
    expect(redshiftConfiguration).to.have.property(
      "copyOptions",
      "FORMAT JSON 'auto' GZIP TIMEFORMAT 'auto' COMPUPDATE OFF STATUPDATE OFF",
    );
  });

  it("lets Firehose do what it must and nothing else, and only for this account", () => {
    const role = made.find("aws:iam/role:Role", `${name}-stream-role`).inputs.assumeRolePolicy as string;
    expect(JSON.parse(role).Statement).to.deep.equal([
      {
        Effect: "Allow",
        Principal: { Service: "firehose.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:ExternalId": "111122223333" } },
      },
    ]);
    const policy = made.find("aws:iam/rolePolicy:RolePolicy", `${name}-stream-policy`).inputs.policy as string;
    expect(JSON.parse(policy).Statement).to.deep.equal([
      {
        Effect: "Allow",
        Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
        Resource: bucketArn,
      },
      {
        Effect: "Allow",
        Action: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
        Resource: `${bucketArn}/*`,
      },
      {
        Effect: "Allow",
        Action: "logs:PutLogEvents",
        Resource: ["staging", "copy"].map(
          (part) => `arn:aws:cloudwatch:us-east-1:111122223333:${name}-stream-log-${part}`,
        ),
      },
      { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secretArn },
    ]);
  });

  it("keeps the staging bucket private, encrypted and tidy", () => {
    const bucket = `${name}-staging`;
    expect(made.find("aws:s3/bucket:Bucket").inputs).to.deep.equal({ forceDestroy: true });
    expect(made.find("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").inputs).to.deep.equal({
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(made.find("aws:s3/bucketOwnershipControls:BucketOwnershipControls").inputs.rule).to.deep.equal({
      objectOwnership: "BucketOwnerEnforced",
    });
    expect(
      made.find("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration").inputs.rules,
    ).to.deep.equal([{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }]);
    const [statement] = JSON.parse(made.find("aws:s3/bucketPolicy:BucketPolicy").inputs.policy as string).Statement;
    expect(statement).to.deep.include({
      Effect: "Deny",
      Principal: { AWS: "*" },
      Resource: [bucketArn, `${bucketArn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
    expect(statement.Action).to.equal("s3:*");
    const rules = made.find("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs.rules;
    expect(rules).to.deep.equal([
      { id: "staged", status: "Enabled", filter: { prefix: "20" }, expiration: { days: 365 } },
      { id: "manifests", status: "Enabled", filter: { prefix: "manifests/" }, expiration: { days: 365 } },
      { id: "errors", status: "Enabled", filter: { prefix: "errors/" }, expiration: { days: 365 } },
      {
        id: "incomplete-uploads",
        status: "Enabled",
        filter: { prefix: "" },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      },
    ]);
  });
});
