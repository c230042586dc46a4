import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

type LifecycleRule = aws.types.input.s3.BucketLifecycleConfigurationRule;

interface PrivateBucketArgs {
  /** Whether the bucket may be deleted while objects lie in it. */
  readonly forceDestroy: boolean;
  /** When objects expire. Rules must not overlap, as S3 follows the shorter one. Incomplete uploads always expire after a day. */
  readonly expiry: readonly LifecycleRule[];
  /** A KMS key of the user's that encrypts the objects. @default S3's own */
  readonly encryptionKey?: string;
}

/** An S3 bucket that is encrypted, closed to the public and to other accounts' objects, reached over TLS only, and emptied by its lifecycle. */
export abstract class PrivateBucket extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly bucket: pulumi.Output<string>;
  /** What must exist before anything may be put here. */
  readonly ready: readonly pulumi.Resource[];

  /** @param type what the bucket is for; part of the identity of everything in it, so it must never change */
  constructor(type: string, name: string, args: PrivateBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super(type, name, {}, opts);
    const bucket = new aws.s3.Bucket(name, { forceDestroy: args.forceDestroy }, { parent: this });
    const ownership = new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      { parent: this },
    );
    const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      { bucket: bucket.bucket, rules: [encryptionRule(args.encryptionKey)] },
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
      { bucket: bucket.bucket, rules: [...args.expiry, incompleteUploads] },
      { parent: this },
    );
    this.arn = bucket.arn;
    this.bucket = bucket.bucket;
    this.ready = [ownership, encryption, policy, lifecycle];
    this.registerOutputs({ arn: this.arn, bucket: this.bucket });
  }
}

/** A lifecycle rule by which objects expire so many days after they were written. */
export function expiry(id: string, prefix: string, days: number): LifecycleRule {
  return { id, status: "Enabled", filter: { prefix }, expiration: { days } };
}

const incompleteUploads: LifecycleRule = {
  id: "incomplete-uploads",
  status: "Enabled",
  filter: { prefix: "" },
  abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
};

/** With a key of the bucket's own, made from the user's, S3 need not ask KMS for every object. */
function encryptionRule(key: string | undefined) {
  if (key === undefined) return { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };
  return {
    applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key },
    bucketKeyEnabled: true,
  };
}

function tlsOnly(arn: pulumi.Output<string>) {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: { AWS: "*" }, // a denial, without exceptions
        Action: "s3:*", // of a denial: whatever S3 may learn to do
        Resource: [arn, pulumi.interpolate`${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}
