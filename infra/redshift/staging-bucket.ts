import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface StagingBucketArgs {
  /** Days for which staged objects are kept. */
  readonly retentionDays: number;
  /** Whether the bucket may be deleted while objects lie in it. */
  readonly forceDestroy: boolean;
}

/** Where Firehose puts changes for COPY to read them. Nothing but the lifecycle ever deletes them. */
export class StagingBucket extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly bucket: pulumi.Output<string>;
  /** What must exist before anything may be put here. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: StagingBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fanout:index:StagingBucket", name, {}, opts);
    const bucket = new aws.s3.Bucket(name, { forceDestroy: args.forceDestroy }, { parent: this });
    const ownership = new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      { parent: this },
    );
    const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      { bucket: bucket.bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      { parent: this },
    );
    const privacy = new aws.s3.BucketPublicAccessBlock(
      `${name}-privacy`,
      {
        bucket: bucket.bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      { parent: this },
    );
    const policy = new aws.s3.BucketPolicy(
      `${name}-tls-only`,
      { bucket: bucket.bucket, policy: pulumi.jsonStringify(tlsOnly(bucket.arn)) },
      { parent: this, dependsOn: [privacy] }, // S3 refuses two such changes of a bucket at once
    );
    const lifecycle = new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      { bucket: bucket.bucket, rules: lifecycleRules(args.retentionDays) },
      { parent: this },
    );
    this.arn = bucket.arn;
    this.bucket = bucket.bucket;
    this.ready = [ownership, encryption, policy, lifecycle];
    this.registerOutputs({ arn: this.arn, bucket: this.bucket });
  }
}

/** Every action on objects that this bucket is there for, exactly: a `*` in an action is nowhere in this program. */
const bucketActions = [
  "s3:AbortMultipartUpload",
  "s3:DeleteObject",
  "s3:DeleteObjectVersion",
  "s3:GetBucketLocation",
  "s3:GetObject",
  "s3:GetObjectVersion",
  "s3:ListBucket",
  "s3:ListBucketMultipartUploads",
  "s3:ListMultipartUploadParts",
  "s3:PutObject",
];

function tlsOnly(arn: pulumi.Output<string>) {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: { AWS: "*" }, // a denial: nobody is excepted
        Action: bucketActions,
        Resource: [arn, pulumi.interpolate`${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}

/**
 * Firehose stages changes under `YYYY/MM/DD/HH/`, what it asks COPY to load under `manifests/`, and what could not be
 * loaded under `errors/`. Rules must not overlap, as S3 follows the shorter one; hence a prefix for the years.
 */
function lifecycleRules(retentionDays: number) {
  return [
    { id: "staged", status: "Enabled", filter: { prefix: "20" }, expiration: { days: retentionDays } },
    { id: "manifests", status: "Enabled", filter: { prefix: "manifests/" }, expiration: { days: retentionDays } },
    {
      id: "errors",
      status: "Enabled",
      filter: { prefix: "errors/" },
      // Small, and still worth having when the changes that it names are gone: it says which ones are missing.
      expiration: { days: Math.max(365, retentionDays) },
    },
    {
      id: "incomplete-uploads",
      status: "Enabled",
      filter: { prefix: "" },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
    },
  ];
}
