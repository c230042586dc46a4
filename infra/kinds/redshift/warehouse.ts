import * as pulumi from "@pulumi/pulumi";
import type { Turns } from "../../turns.ts";
import { Chain } from "./chain.ts";

/** What the rest of the kind needs to know of a warehouse, new or existing. */
export interface Warehouse {
  /** Its address, without port. */
  readonly host: pulumi.Output<string>;
  readonly port: number;
  readonly database: pulumi.Output<string>;
  /** Runs what makes the things inside. */
  readonly statements: Chain;
}

/** A warehouse that exists already. */
export function existingWarehouse(
  existing: { readonly jdbcUrl: string; readonly adminSecretArn: string },
  turns: Turns,
): Warehouse {
  const address = parseJdbcUrl(existing.jdbcUrl)!; // of the form that the schema demands
  const { host, port, database } = address;
  return {
    host: pulumi.output(host),
    port,
    database: pulumi.output(database),
    statements: new Chain({
      dataApi: { ...address.warehouse, secretArn: existing.adminSecretArn },
      database,
      warehouse: host,
      turns,
    }),
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

/**
 * The form of JDBC URL that Firehose accepts for Redshift:
 * https://docs.aws.amazon.com/firehose/latest/APIReference/API_RedshiftDestinationConfiguration.html. What its parts may be
 * is checked by `jdbcProblem`, part by part.
 */
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
