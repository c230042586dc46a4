import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Kind, ProvisionContext, Sink } from "../kind.ts";
import { claimCheckIn } from "../parts/claim-check.ts";
import { longestBucketName, longestName } from "../parts/longest-name.ts";
import { ChangeLog } from "./redshift/change-log.ts";
import { DeliveryStream } from "./redshift/delivery-stream.ts";
import { firehoseCidrs } from "./redshift/firehose-cidr.ts";
import { watchLoads } from "./redshift/load-alarms.ts";
import { type Names, namesFor } from "./redshift/names.ts";
import { problems } from "./redshift/problems.ts";
import { ServerlessWarehouse } from "./redshift/serverless-warehouse.ts";
import { type Settings, settingsSchema } from "./redshift/settings.ts";
import { Setup } from "./redshift/setup.ts";
import { StagingBucket } from "./redshift/staging-bucket.ts";
import { existingWarehouse, parseJdbcUrl, type Warehouse } from "./redshift/warehouse.ts";

/** Changes land in Amazon Redshift: each as a row of a change log, and the latest state in a view over it. */
export const redshift = {
  schema: settingsSchema,
  // The current view shows the new image.
  views: ["NEW_IMAGE", "NEW_AND_OLD_IMAGES"],
  // The change log may well be for some changes only, but the view over it then shows what it does not know to be gone.
  withoutDeletes: { effect: "the current view would show deleted items for ever", severity: "warning" },
  problems,
  exclusiveTarget(settings, destination): string | undefined {
    const address = settings.existing && parseJdbcUrl(settings.existing.jdbcUrl);
    if (address === undefined) return undefined;
    const { schema, changeLog } = namesOf(settings, destination);
    // Redshift folds the names of databases to lower case.
    return `${schema}.${changeLog} in ${address.host}/${address.database.toLowerCase()}`;
  },
  late: (_, name) => [longestName(`${name}-stream`, 64), longestBucketName(`${name}-staging`)],
  provision(settings, { name, destination, turns, alarms, parent }): Sink {
    const names = namesOf(settings, destination);
    const warehouse =
      settings.existing === undefined
        ? newWarehouse(settings, name, parent, alarms)
        : existingWarehouse(settings.existing);
    const changeLog = new ChangeLog(`${name}-change-log`, { names, owner: name }, { parent });
    const setup = new Setup(
      `${name}-setup`,
      {
        warehouse,
        statements: [...warehouse.firstStatements, ...changeLog.statements],
        turns,
        logRetentionDays: settings.logRetentionDays,
      },
      { parent },
    );
    const staging = new StagingBucket(
      `${name}-staging`,
      {
        retentionDays: settings.stagingRetentionDays,
        claimCheckDays: settings.claimCheckDays,
        forceDestroy: !settings.deletionProtection,
      },
      { parent },
    );
    const stream = new DeliveryStream(
      `${name}-stream`,
      {
        settings,
        warehouse,
        names,
        staging,
        secretArn: changeLog.secretArn,
        dependsOn: [setup.done, ...changeLog.ready],
      },
      { parent },
    );
    // In all of the kind's views a change has an image, which can be too large for a row.
    const claimCheck = claimCheckIn(staging);
    return {
      settings: {
        deliveryStreamName: stream.name,
        images: settings.images,
        maxStringBytes: settings.maxStringBytes,
        claims: claimCheck.settings,
      },
      grants: [{ actions: ["firehose:PutRecordBatch"], resources: [stream.arn] }, claimCheck.grant],
      dependsOn: stream.ready,
      outputs: {
        deliveryStream: stream.name,
        stagingBucket: staging.bucket,
        claimBucket: staging.bucket,
        warehouse: warehouse.host,
        database: warehouse.database,
        changeLog: pulumi.output(`${names.schema}.${names.changeLog}`),
        currentView: pulumi.output(`${names.schema}.${names.currentView}`),
      },
      alarms: {
        ...warehouse.alarms,
        ...(alarms === undefined ? {} : watchLoads(name, { settings, stream, notified: alarms }, { parent })),
      },
    };
  },
} satisfies Kind<typeof settingsSchema>;

/** What a destination has inside the warehouse, called after it: with `_` the names need no quotes. */
function namesOf({ schema, table }: Settings, destination: string): Names {
  return namesFor(schema ?? "fanout", table ?? destination.replaceAll("-", "_"));
}

function newWarehouse(
  settings: Settings,
  name: string,
  parent: ProvisionContext["parent"],
  alarms: ProvisionContext["alarms"],
): Warehouse {
  const published = aws.getRegionOutput({}, { parent }).region.apply((region) => firehoseCidrs[region] as string);
  return new ServerlessWarehouse(
    `${name}-warehouse`,
    {
      owner: name,
      settings,
      firehoseCidr: settings.firehoseCidr ?? published,
      ...(alarms === undefined ? {} : { alarms }),
    },
    { parent },
  );
}
