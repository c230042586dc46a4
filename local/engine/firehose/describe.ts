import type { BucketConfiguration, DeliveryStreamInputs } from "./delivery-stream-inputs.ts";

/** A delivery stream as DescribeDeliveryStream shows it. */
export function describe(inputs: DeliveryStreamInputs, arn: string, created: number): Record<string, unknown> {
  const { name, redshiftConfiguration: redshift, serverSideEncryption: encryption } = inputs;
  const secret = redshift.secretsManagerConfiguration;
  return {
    DeliveryStreamDescription: {
      DeliveryStreamName: name,
      DeliveryStreamARN: arn,
      DeliveryStreamStatus: "ACTIVE",
      DeliveryStreamType: "DirectPut",
      DeliveryStreamEncryptionConfiguration: {
        Status: encryption?.enabled ? "ENABLED" : "DISABLED",
        ...(encryption?.enabled && { KeyType: encryption.keyType ?? "AWS_OWNED_CMK", KeyARN: encryption.keyArn }),
      },
      VersionId: "1",
      CreateTimestamp: created / 1000,
      HasMoreDestinations: false,
      Destinations: [
        {
          DestinationId: "destinationId-000000000001",
          RedshiftDestinationDescription: {
            RoleARN: redshift.roleArn,
            ClusterJDBCURL: redshift.clusterJdbcurl,
            CopyCommand: {
              DataTableName: redshift.dataTableName,
              DataTableColumns: redshift.dataTableColumns,
              CopyOptions: redshift.copyOptions,
            },
            Username: redshift.username,
            RetryOptions: { DurationInSeconds: redshift.retryDuration },
            S3DestinationDescription: describeBucket(redshift.s3Configuration),
            S3BackupMode: redshift.s3BackupMode,
            S3BackupDescription: redshift.s3BackupConfiguration && describeBucket(redshift.s3BackupConfiguration),
            SecretsManagerConfiguration: secret && {
              Enabled: secret.enabled ?? false,
              SecretARN: secret.secretArn,
              RoleARN: secret.roleArn,
            },
          },
        },
      ],
    },
  };
}

function describeBucket(bucket: BucketConfiguration): Record<string, unknown> {
  return {
    RoleARN: bucket.roleArn,
    BucketARN: bucket.bucketArn,
    Prefix: bucket.prefix,
    BufferingHints: { SizeInMBs: bucket.bufferingSize, IntervalInSeconds: bucket.bufferingInterval },
    CompressionFormat: bucket.compressionFormat,
    EncryptionConfiguration: bucket.kmsKeyArn
      ? { KMSEncryptionConfig: { AWSKMSKeyARN: bucket.kmsKeyArn } }
      : { NoEncryptionConfig: "NoEncryption" },
  };
}
