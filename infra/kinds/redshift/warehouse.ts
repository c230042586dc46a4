import * as pulumi from "@pulumi/pulumi";

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
  /** Names of the alarms that watch it, by what they watch for. */
  readonly alarms: Readonly<Record<string, pulumi.Output<string>>>;
}

/** A warehouse that exists already. */
export function existingWarehouse(existing: { readonly jdbcUrl: string; readonly adminSecretArn: string }): Warehouse {
  const address = parseJdbcUrl(existing.jdbcUrl)!; // of the form that the schema demands
  return {
    host: pulumi.output(address.host),
    port: address.port,
    database: pulumi.output(address.database),
    dataApi: { ...address.warehouse, secretArn: existing.adminSecretArn },
    ready: [],
    alarms: {},
  };
}

/** Where a JDBC URL leads. */
interface JdbcAddress {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly region: string;
  /** What the Data API calls the warehouse. */
  readonly warehouse: { readonly workgroupName: string } | { readonly clusterIdentifier: string };
}

/** The form of JDBC URL that Firehose accepts for Redshift. */
export const jdbcUrlPattern =
  /^jdbc:(?:redshift|postgresql):\/\/(?<host>(?<name>[a-z0-9-]+)\.[a-z0-9-]+\.(?<region>[a-z0-9-]+)\.(?<service>redshift|redshift-serverless)\.amazonaws\.com(?:\.cn)?):(?<port>\d{1,5})\/(?<database>[A-Za-z0-9_$-]+)$/;

/**
 * Reads a JDBC URL of a workgroup (`<workgroup>.<account>.<region>.redshift-serverless.amazonaws.com`) or of a
 * provisioned cluster (`<cluster>.<hash>.<region>.redshift.amazonaws.com`). Undefined if it is of another form.
 */
export function parseJdbcUrl(url: string): JdbcAddress | undefined {
  const parts = jdbcUrlPattern.exec(url)?.groups;
  if (parts === undefined) return undefined;
  const name = parts.name as string;
  return {
    host: parts.host as string,
    port: Number(parts.port),
    database: parts.database as string,
    region: parts.region as string,
    warehouse: parts.service === "redshift" ? { clusterIdentifier: name } : { workgroupName: name },
  };
}
