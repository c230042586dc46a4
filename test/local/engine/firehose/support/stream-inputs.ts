/** The inputs of a delivery stream that is like the program's own, with some of them changed. */
export function streamInputs(
  name: string,
  redshift: Record<string, unknown> = {},
  s3: Record<string, unknown> = {},
): Record<string, unknown> {
  const roleArn = "arn:aws:iam::000000000000:role/firehose";
  return {
    name,
    destination: "redshift",
    redshiftConfiguration: {
      roleArn,
      clusterJdbcurl: "jdbc:redshift://wg.000000000000.us-east-1.redshift-serverless.amazonaws.com:5439/dev",
      secretsManagerConfiguration: { enabled: true, secretArn: "arn:secret", roleArn },
      dataTableName: "s.changes",
      copyOptions: "FORMAT JSON 'auto' GZIP TIMEFORMAT 'auto'",
      ...redshift,
      s3Configuration: {
        roleArn,
        bucketArn: "arn:aws:s3:::staging",
        bufferingInterval: 900,
        bufferingSize: 64,
        compressionFormat: "GZIP",
        prefix: "in/",
        ...s3,
      },
    },
  };
}
