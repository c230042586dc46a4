import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { capacity } from "./capacity.ts";
import { Network, redshiftPort } from "./network.ts";
import { physicalName } from "./physical-name.ts";
import type { Settings } from "./settings.ts";
import type { Warehouse } from "./warehouse.ts";

export interface ServerlessWarehouseArgs {
  /** What distinguishes the destination within its stack; the warehouse is named after it. */
  readonly owner: string;
  readonly settings: Settings;
  /** The addresses from which Firehose comes, as an IPv4 range. */
  readonly firehoseCidr: pulumi.Input<string>;
}

/** A Redshift Serverless warehouse that costs next to nothing while nothing is loaded or asked. */
export class ServerlessWarehouse extends pulumi.ComponentResource implements Warehouse {
  readonly host: pulumi.Output<string>;
  readonly port = redshiftPort;
  readonly database: string;
  readonly dataApi: { readonly workgroupName: pulumi.Output<string>; readonly secretArn: pulumi.Output<string> };

  constructor(
    name: string,
    { owner, settings, firehoseCidr }: ServerlessWarehouseArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("fanout:index:ServerlessWarehouse", name, {}, opts);
    this.database = settings.database ?? "fanout";
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
        dbName: this.database,
        manageAdminPassword: true,
        logExports: ["connectionlog", "userlog"],
      },
      { parent: this, protect: settings.deletionProtection },
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
        // AWS answers with every parameter that it has, also with ones that it adds later: each would look like a change.
        ignoreChanges: ["configParameters"],
        // A workgroup holds no data, and two of one name cannot be.
        deleteBeforeReplace: true,
      },
    );
    const { rpuHours, period, breachAction } = settings.usageLimit ?? usageLimit;
    new aws.redshiftserverless.UsageLimit(
      `${name}-usage-limit`,
      { resourceArn: workgroup.arn, usageType: "serverless-compute", amount: rpuHours, period, breachAction },
      { parent: this },
    );
    this.host = workgroup.endpoints[0]!.address;
    this.dataApi = { workgroupName: workgroup.workgroupName, secretArn: namespace.adminPasswordSecretArn };
    this.registerOutputs({ host: this.host, port: this.port, database: this.database });
  }
}

/**
 * Loading every 15 minutes at 8 RPUs takes 96 x 60 s x 8 RPUs = 12.8 RPU-hours a day; twice that leaves room for queries
 * and ends a runaway one. A deactivated warehouse loses nothing: what Firehose could not load stays in the staging bucket.
 */
const usageLimit = { rpuHours: 24, period: "daily", breachAction: "deactivate" } as const;
