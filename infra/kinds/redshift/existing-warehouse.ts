/** Where a JDBC URL leads. */
export interface JdbcTarget {
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
export function parseJdbcUrl(url: string): JdbcTarget | undefined {
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
