import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Notified } from "../../kind.ts";
import { physicalName } from "./names.ts";
import { Network, redshiftPort } from "./network.ts";
import type { Settings } from "./settings.ts";
import { keepPublicEmpty } from "./statements.ts";
import { limitUsage } from "./usage-limit.ts";
import type { Warehouse } from "./warehouse.ts";
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

/** A Redshift Serverless warehouse, which costs next to nothing while nothing is loaded or queried. */
export class ServerlessWarehouse extends pulumi.ComponentResource implements Warehouse {
  readonly host: pulumi.Output<string>;
  readonly port = redshiftPort;
  readonly database: pulumi.Output<string>;
  readonly dataApi: { readonly workgroupName: pulumi.Output<string>; readonly secretArn: pulumi.Output<string> };
  readonly ready: readonly pulumi.Resource[];
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
    const physical = physicalName([pulumi.getProject(), pulumi.getStack(), owner], "-", 64);
    const namespace = new aws.redshiftserverless.Namespace(
      `${name}-namespace`,
      {
        namespaceName: physical,
        dbName: settings.database ?? "fanout",
        manageAdminPassword: true,
        logExports: ["connectionlog", "userlog"],
      },
      {
        parent: this,
        protect: settings.deletionProtection,
        // Neither can change in place, and a replacement would delete the data: a stack that is renamed keeps what it has.
        ignoreChanges: ["namespaceName", "dbName"],
      },
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
        dependsOn: [...network.ready],
        // The name stays, like the namespace's, so that readers find the warehouse where it was. And AWS returns every
        // parameter that it has, including ones that it adds later: each would look like a change.
        ignoreChanges: ["workgroupName", "configParameters"],
        // A workgroup holds no data, and two cannot have the same name.
        deleteBeforeReplace: true,
      },
    );
    this.alarms = limitUsage(name, workgroup, settings.usageLimit, alarms, { parent: this });
    this.host = workgroup.endpoints[0]!.address;
    this.database = namespace.dbName.apply((name) => name as string); // made with one
    this.dataApi = { workgroupName: workgroup.workgroupName, secretArn: namespace.adminPasswordSecretArn };
    this.ready = [
      new aws.redshiftdata.Statement(
        `${name}-public`,
        { ...this.dataApi, database: this.database, sql: keepPublicEmpty },
        { parent: this },
      ),
    ];
    this.registerOutputs({ host: this.host, port: this.port, database: this.database });
  }
}
