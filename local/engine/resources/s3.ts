import { CreateBucketCommand } from "@aws-sdk/client-s3";
import type * as aws from "@pulumi/aws";
import { bucketArn, physicalName } from "../aws.ts";
import { engine } from "../gateway/service-call.ts";
import { accept, type LocalResource, placeholder } from "../resource.ts";

/** A bucket in fauxqs. Nothing there expires, and who may read it is not restricted. */
export const bucket: LocalResource = {
  async create(registration, world) {
    accept<aws.s3.BucketArgs>(registration, {
      used: ["bucket", "bucketPrefix"],
      ignored: ["forceDestroy", "tags"],
    });
    const name = physicalName(registration, { limit: 63, lowerCase: true, argument: "bucket" });
    const { region } = registration;
    await world.clientsAs(engine, region).s3.send(new CreateBucketCommand({ Bucket: name }));
    return {
      id: name,
      outputs: {
        bucket: name,
        arn: bucketArn(name),
        region,
        bucketDomainName: `${name}.s3.amazonaws.com`,
        bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      },
    };
  },
};

const conditions = { objectSizeGreaterThan: true, objectSizeLessThan: true, prefix: true } as const;

const ofBucket = (_: unknown, { bucket }: { readonly bucket: string }) => ({ id: bucket, outputs: {} });

export const bucketPolicy = placeholder<aws.s3.BucketPolicyArgs>(["bucket", "policy"], ofBucket);
export const bucketOwnershipControls = placeholder<aws.s3.BucketOwnershipControlsArgs>(["bucket", "rule"], ofBucket, {
  rule: { objectOwnership: true },
});
export const bucketEncryption = placeholder<aws.s3.BucketServerSideEncryptionConfigurationArgs>(
  ["bucket", "expectedBucketOwner", "rules"],
  ofBucket,
  {
    rules: {
      applyServerSideEncryptionByDefault: { kmsMasterKeyId: true, sseAlgorithm: true },
      blockedEncryptionTypes: true,
      bucketKeyEnabled: true,
    },
  },
);
export const bucketLifecycle = placeholder<aws.s3.BucketLifecycleConfigurationArgs>(
  ["bucket", "expectedBucketOwner", "rules", "timeouts", "transitionDefaultMinimumObjectSize"],
  ofBucket,
  {
    rules: {
      abortIncompleteMultipartUpload: { daysAfterInitiation: true },
      expiration: { date: true, days: true, expiredObjectDeleteMarker: true },
      filter: {
        ...conditions,
        and: { ...conditions, tags: true },
        tag: { key: true, value: true },
      },
      id: true,
      noncurrentVersionExpiration: { newerNoncurrentVersions: true, noncurrentDays: true },
      noncurrentVersionTransitions: { newerNoncurrentVersions: true, noncurrentDays: true, storageClass: true },
      prefix: true,
      status: true,
      transitions: { date: true, days: true, storageClass: true },
    },
    timeouts: { create: true, update: true },
  },
);
export const bucketPublicAccessBlock = placeholder<aws.s3.BucketPublicAccessBlockArgs>(
  ["bucket", "blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets", "skipDestroy"],
  ofBucket,
);
