import type * as pulumi from "@pulumi/pulumi";

/** What the rest of the kind needs to know of a warehouse, new or existing. */
export interface Warehouse {
  /** Its address, without port. */
  readonly host: pulumi.Output<string>;
  readonly port: number;
  readonly database: string;
  /** What the Data API calls it. */
  readonly dataApi: {
    readonly workgroupName?: pulumi.Input<string>;
    readonly clusterIdentifier?: pulumi.Input<string>;
    /** Secret of a superuser. */
    readonly secretArn: pulumi.Input<string>;
  };
}
