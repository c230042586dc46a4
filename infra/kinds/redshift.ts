import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Kind, Sink, Surroundings } from "../kind.ts";
import { claimsIn } from "../parts/claims.ts";
import { ChangeLog } from "./redshift/change-log.ts";
import { DeliveryStream } from "./redshift/delivery-stream.ts";
import { parseJdbcUrl } from "./redshift/existing-warehouse.ts";
import { firehoseCidrs } from "./redshift/firehose-cidr.ts";
import { problems } from "./redshift/problems.ts";
import { ServerlessWarehouse } from "./redshift/serverless-warehouse.ts";
import { type Settings, settingsSchema } from "./redshift/settings.ts";
import { StagingBucket } from "./redshift/staging-bucket.ts";
import { type Names, names } from "./redshift/statements.ts";
import type { Warehouse } from "./redshift/warehouse.ts";

/** Changes land in Amazon Redshift: each as a row of a change log, and the latest state in a view over it. */
export const redshift = {
  schema: settingsSchema,
  // The current view shows the new image.
  views: ["NEW_IMAGE", "NEW_AND_OLD_IMAGES"],
  problems,
  claim(settings, destination): string | undefined {
    const target = settings.existing && parseJdbcUrl(settings.existing.jdbcUrl);
    if (target === undefined) return undefined;
    const { schema, changeLog } = namesInside(settings, destination);
    return `${schema}.${changeLog} in ${target.host}/${target.database}`;
  },
  provision(settings, { name, destination, parent }): Sink {
    const inside = namesInside(settings, destination);
    const warehouse = existingWarehouse(settings) ?? newWarehouse(settings, name, parent);
    const changeLog = new ChangeLog(`${name}-change-log`, { warehouse, names: inside, owner: name }, { parent });
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
      { settings, warehouse, names: inside, staging, secretArn: changeLog.secretArn, dependsOn: changeLog.loadable },
      { parent },
    );
    // In all of the kind's views a change has an image.
    const claims = claimsIn(staging);
    return {
      settings: {
        deliveryStreamName: stream.name,
        images: settings.images,
        maxStringBytes: settings.maxStringBytes,
        claims: claims.settings,
      },
      grants: [{ actions: ["firehose:PutRecordBatch"], resources: [stream.arn] }, claims.grant],
      dependsOn: [...stream.ready, ...changeLog.queryable],
      outputs: {
        deliveryStream: stream.name,
        stagingBucket: staging.bucket,
        claimBucket: staging.bucket,
        warehouse: warehouse.host,
        database: warehouse.database,
        changeLog: pulumi.output(`${inside.schema}.${inside.changeLog}`),
        currentView: pulumi.output(`${inside.schema}.${inside.currentView}`),
      },
    };
  },
} satisfies Kind<typeof settingsSchema>;

/** What a destination has inside the warehouse, called after it: with `_` the names need no quotes. */
function namesInside({ schema, table }: Settings, destination: string): Names {
  return names(schema ?? "fanout", table ?? destination.replaceAll("-", "_"));
}

function existingWarehouse({ existing }: Settings): Warehouse | undefined {
  if (existing === undefined) return undefined;
  const target = parseJdbcUrl(existing.jdbcUrl)!; // of the form that the schema demands
  return {
    host: pulumi.output(target.host),
    port: target.port,
    database: pulumi.output(target.database),
    dataApi: { ...target.warehouse, secretArn: existing.adminSecretArn },
    ready: [],
  };
}

function newWarehouse(settings: Settings, name: string, parent: Surroundings["parent"]): Warehouse {
  const published = aws.getRegionOutput({}, { parent }).region.apply((region) => firehoseCidrs[region] as string);
  return new ServerlessWarehouse(
    `${name}-warehouse`,
    { owner: name, settings, firehoseCidr: settings.firehoseCidr ?? published },
    { parent },
  );
}
