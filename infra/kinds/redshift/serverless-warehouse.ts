import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Notified } from "../../kind.ts";
import { physicalName } from "./names.ts";
import { Network, redshiftPort } from "./network.ts";
import type { Settings } from "./settings.ts";
import { keepPublicEmpty } from "./statements.ts";
import { limitUsage } from "./usage-limit.ts";
import type { DataApi, Warehouse } from "./warehouse.ts";
import { capacity } from "./warehouse-settings.ts";

interface ServerlessWarehouseArgs {
  /** What distinguishes the destination within its stack; the warehouse is named after it. */
  readonly owner: string;
  readonly settings: Settings;
  /** The addresses from which Firehose comes, as an IPv4 range. */
  readonly firehoseCidr: pulumi.Input<string>;
  /** Whom its alarms notify; without it, it has none. */
  readonly alarms?: Notified;
}

/**
 * A namespace and a workgroup may have 64 characters, but the Data API takes 63 of a workgroup's, and so does the host's
 * name that it becomes the first label of: https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_ExecuteStatement.html,
 * https://docs.aws.amazon.com/firehose/latest/APIReference/API_RedshiftDestinationConfiguration.html (`ClusterJDBCURL`).
 */
const mostCharacters = 63;

/** What Redshift logs of itself: who logs in, and which users are made and changed. */
const logs = ["connectionlog", "userlog"] as const;

/** How long a workgroup may take. The provider waits 20 minutes, which some needed more than half of and large ones may exceed. */
const timeout = "1h";

/** A Redshift Serverless warehouse, which costs next to nothing while nothing is loaded or queried. */
export class ServerlessWarehouse extends pulumi.ComponentResource implements Warehouse {
  readonly host: pulumi.Output<string>;
  readonly port = redshiftPort;
  readonly database: pulumi.Output<string>;
  readonly dataApi: DataApi;
  readonly firstStatements = [keepPublicEmpty];
  readonly ready: readonly pulumi.Resource[];
  readonly identity: Warehouse["identity"];
  readonly alarms: Warehouse["alarms"];

  constructor(
    name: string,
    { owner, settings, firehoseCidr, alarms }: ServerlessWarehouseArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("fanout:index:ServerlessWarehouse", name, {}, opts);
    const network = new Network(
      `${name}-network`,
      settings.network ? { firehoseCidr, existing: settings.network } : { firehoseCidr },
      { parent: this },
    );
    const physical = physicalName([pulumi.getProject(), pulumi.getStack(), owner], "-", mostCharacters);
    const namespace = new aws.redshiftserverless.Namespace(
      `${name}-namespace`,
      {
        namespaceName: physical,
        dbName: settings.database ?? "fanout",
        manageAdminPassword: true,
        logExports: [...logs],
      },
      {
        parent: this,
        protect: settings.deletionProtection,
        // Neither can change in place, and a replacement would delete the data: a stack that is renamed keeps what it has.
        ignoreChanges: ["namespaceName", "dbName"],
      },
    );
    // Redshift would make them with the first entry, without an end, and nobody would delete them
    // (https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-audit-logging.html). Nobody logs in without a workgroup.
    const logGroups = logs.map(
      (log) =>
        new aws.cloudwatch.LogGroup(
          `${name}-${log}`,
          {
            name: pulumi.interpolate`/aws/redshift/${namespace.namespaceName}/${log}`,
            retentionInDays: settings.logRetentionDays,
          },
          { parent: this },
        ),
    );
    const { base, max } = capacity(settings);
    const workgroup = new aws.redshiftserverless.Workgroup(
      `${name}-workgroup`,
      {
        namespaceName: namespace.namespaceName,
        workgroupName: physical,
        baseCapacity: base,
        maxCapacity: max,
        port: redshiftPort,
        // Firehose can only load a warehouse that has a public address and no enhanced VPC routing.
        publiclyAccessible: true,
        enhancedVpcRouting: false,
        subnetIds: network.subnetIds,
        securityGroupIds: [network.securityGroupId],
        configParameters: [{ parameterKey: "require_ssl", parameterValue: "true" }],
      },
      {
        parent: this,
        dependsOn: [...network.ready, ...logGroups],
        // The name stays, like the namespace's, so that readers find the warehouse where it was. And AWS returns every
        // parameter that it has, including ones that it adds later: each would look like a change.
        ignoreChanges: ["workgroupName", "configParameters"],
        // A workgroup holds no data, and two cannot have the same name.
        deleteBeforeReplace: true,
        customTimeouts: { create: timeout, update: timeout, delete: timeout },
      },
    );
    const usage = limitUsage(name, workgroup, settings.usageLimit, alarms, { parent: this });
    this.alarms = usage.alarms;
    this.host = workgroup.endpoints[0]!.address;
    this.database = namespace.dbName.apply((name) => name as string); // made with one
    this.dataApi = {
      target: {
        WorkgroupName: workgroup.workgroupName,
        Database: this.database,
        SecretArn: namespace.adminPasswordSecretArn,
      },
      resource: workgroup.arn,
      keys: [], // the secret has AWS's own
    };
    this.ready = [usage.limit]; // a higher one may be what lets statements run again
    this.identity = { name, made: namespace.namespaceId };
    this.registerOutputs({ host: this.host, port: this.port, database: this.database });
  }
}
