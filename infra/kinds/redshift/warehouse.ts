import type * as pulumi from "@pulumi/pulumi";

/** What the rest of the kind needs to know of a warehouse, new or existing. */
export interface Warehouse {
  /** Its address, without port. */
  readonly host: pulumi.Output<string>;
  readonly port: number;
  readonly database: pulumi.Output<string>;
  /** What the Data API calls it. */
  readonly dataApi: {
    readonly workgroupName?: pulumi.Input<string>;
    readonly clusterIdentifier?: pulumi.Input<string>;
    /** Secret of a superuser. */
    readonly secretArn: pulumi.Input<string>;
  };
  /** What must be done before anything is made inside. */
  readonly ready: readonly pulumi.Resource[];
}
