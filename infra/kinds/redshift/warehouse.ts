import * as pulumi from "@pulumi/pulumi";

/** What the rest of the kind needs to know of a warehouse, new or existing. */
export interface Warehouse {
  /** Its address, without port. */
  readonly host: pulumi.Output<string>;
  readonly port: number;
  readonly database: pulumi.Output<string>;
  readonly dataApi: DataApi;
  /** What to run before anything is made inside. */
  readonly firstStatements: readonly string[];
  /** What must be done before anything runs inside. */
  readonly ready: readonly pulumi.Resource[];
  /** What tells it from others. */
  readonly identity: {
    /** Within the stack: the same for every destination that loads into it, whatever its database. */
    readonly name: string;
    /** Another value once it has been made anew, under whatever name. */
    readonly made: pulumi.Input<string>;
  };
  /** Names of the alarms that watch it, by what they watch for. */
  readonly alarms: Readonly<Record<string, pulumi.Output<string>>>;
}

/** How statements reach a warehouse, and what whoever runs them must be allowed. */
export interface DataApi {
  /** What the Data API calls the warehouse, and the secret of a superuser. */
  readonly target: Readonly<
    Record<"Database" | "SecretArn", pulumi.Input<string>> &
      Partial<Record<"WorkgroupName" | "ClusterIdentifier", pulumi.Input<string>>>
  >;
  /** The ARN of the workgroup or the cluster. */
  readonly resource: pulumi.Input<string>;
  /** The keys with which the secret may be encrypted, and for what they are needed. */
  readonly keys: readonly { readonly resource: string; readonly condition: object }[];
}

/** A warehouse that exists already. */
export function existingWarehouse(existing: { readonly jdbcUrl: string; readonly adminSecretArn: string }): Warehouse {
  const address = parseJdbcUrl(existing.jdbcUrl)!; // of the form that the schema demands
  const { host, port, database, warehouse } = address;
  const { adminSecretArn: SecretArn } = existing;
  const [, partition, , region, account] = SecretArn.split(":");
  const isCluster = "clusterIdentifier" in warehouse;
  return {
    host: pulumi.output(host),
    port,
    database: pulumi.output(database),
    dataApi: {
      target: {
        ...(isCluster
          ? { ClusterIdentifier: warehouse.clusterIdentifier }
          : { WorkgroupName: warehouse.workgroupName }),
        Database: database,
        SecretArn,
      },
      // The ARN of a workgroup has an id in place of the name, which is all that its address has.
      resource: isCluster
        ? `arn:${partition}:redshift:${region}:${account}:cluster:${warehouse.clusterIdentifier}`
        : `arn:${partition}:redshift-serverless:${region}:${account}:workgroup/*`,
      // Which key, if any but AWS's own, is not known: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
      keys: [
        {
          resource: `arn:${partition}:kms:${region}:${account}:key/*`,
          condition: {
            StringEquals: {
              "kms:ViaService": `secretsmanager.${region}.amazonaws.com`,
              "kms:EncryptionContext:SecretARN": SecretArn,
            },
          },
        },
      ],
    },
    firstStatements: [],
    ready: [],
    identity: { name: host, made: host },
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
