import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { trustFirehose } from "../../parts/trust.ts";
import type { Names } from "./names.ts";
import type { Settings } from "./settings.ts";
import type { StagingBucket } from "./staging-bucket.ts";
import { columns } from "./statements.ts";
import type { Warehouse } from "./warehouse.ts";

interface DeliveryStreamArgs {
  readonly settings: Settings;
  readonly warehouse: Warehouse;
  readonly names: Names;
  readonly staging: StagingBucket;
  /** Secret of the user who loads. */
  readonly secretArn: pulumi.Input<string>;
  /** What must exist before the first load. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/**
 * How COPY reads what the handler wrote. No MAXERROR and no TRUNCATECOLUMNS: a batch that does not fit stays staged and
 * is named under `errors/`, so that no rows or letters are lost unnoticed.
 *
 * COMPUPDATE OFF, because analysing compression recreates an empty table within the load, and the loader may only add to it
 * (https://docs.aws.amazon.com/redshift/latest/dg/c_Loading_tables_auto_compress.html). AWS asks for no rights to say OFF.
 *
 * No STATUPDATE: AWS says that whoever uses it, with ON or OFF, must be the table's owner or a superuser, and that INSERT is
 * enough without it (https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-load.html#copy-statupdate). A load
 * into an empty table then ends with an analysis, beside which one vendor saw an error although the rows had been loaded:
 * `skipping table --- only table or database owner can analyze it`
 * (https://fivetran.com/docs/hvr5/faq/errors-warnings-alerts/fjd22ca-skipping-table). PostgreSQL, from which the words come,
 * only warns with them. `statUpdateOff` is for a warehouse in which such a load fails all the same.
 */
function copyOptions({ statUpdateOff }: Settings): string {
  return `FORMAT JSON 'auto' GZIP TIMEFORMAT 'auto' COMPUPDATE OFF${statUpdateOff ? " STATUPDATE OFF" : ""}`;
}

/** The Firehose stream that loads the change log, with its role and its error log. */
export class DeliveryStream extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  /** What must exist before changes can be put. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: DeliveryStreamArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fanout:index:DeliveryStream", name, {}, opts);
    const { settings, warehouse, names, staging } = args;
    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-log`,
      { retentionInDays: settings.logRetentionDays },
      { parent: this },
    );
    // Firehose writes to log streams, but makes none.
    const logStream = (part: string) =>
      new aws.cloudwatch.LogStream(
        `${name}-log-${part}`,
        { logGroupName: logGroup.name, name: part },
        { parent: this },
      );
    const [staged, loaded] = [logStream("staging"), logStream("copy")];
    const loggingTo = (stream: aws.cloudwatch.LogStream) => ({
      enabled: true,
      logGroupName: logGroup.name,
      logStreamName: stream.name,
    });
    const role = new aws.iam.Role(
      `${name}-role`,
      { assumeRolePolicy: trustFirehose({ parent: this }) },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      { role: role.name, policy: pulumi.jsonStringify(permissions(staging.arn, args.secretArn, [staged, loaded])) },
      { parent: this },
    );
    const stream = new aws.kinesis.FirehoseDeliveryStream(
      name,
      {
        destination: "redshift",
        serverSideEncryption: { enabled: true, keyType: "AWS_OWNED_CMK" },
        redshiftConfiguration: {
          roleArn: role.arn,
          clusterJdbcurl: pulumi.interpolate`jdbc:redshift://${warehouse.host}:${warehouse.port}/${warehouse.database}`,
          secretsManagerConfiguration: { enabled: true, secretArn: args.secretArn, roleArn: role.arn },
          dataTableName: `${names.schema}.${names.changeLog}`,
          dataTableColumns: Object.keys(columns).join(","),
          copyOptions: copyOptions(settings),
          retryDuration: settings.retryDuration,
          s3BackupMode: "Disabled", // what is staged is the backup; once enabled it could never be disabled
          cloudwatchLoggingOptions: loggingTo(loaded),
          s3Configuration: {
            roleArn: role.arn,
            bucketArn: staging.arn,
            bufferingInterval: settings.bufferingInterval,
            bufferingSize: settings.bufferingSize,
            compressionFormat: "GZIP",
            cloudwatchLoggingOptions: loggingTo(staged),
          },
        },
      },
      { parent: this, dependsOn: [policy, ...staging.ready, ...args.dependsOn] },
    );
    this.name = stream.name;
    this.arn = stream.arn;
    this.ready = [stream];
    this.registerOutputs({ name: this.name, arn: this.arn });
  }
}

function permissions(
  bucketArn: pulumi.Input<string>,
  secretArn: pulumi.Input<string>,
  logStreams: readonly aws.cloudwatch.LogStream[],
) {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
        Resource: bucketArn,
      },
      {
        Effect: "Allow",
        Action: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
        Resource: pulumi.interpolate`${bucketArn}/*`,
      },
      { Effect: "Allow", Action: "logs:PutLogEvents", Resource: logStreams.map((stream) => stream.arn) },
      { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secretArn },
    ],
  };
}
