import { CopyError } from "../redshift/load-error.ts";
import type { Redshift } from "../redshift/redshift.ts";
import { DeliveryFailure } from "./delivery-report.ts";
import type { RedshiftConfiguration } from "./delivery-stream-inputs.ts";
import type { CopyFault } from "./faults.ts";
import type { Staging } from "./staging.ts";

/** What is needed of Redshift. */
export type Warehouse = Pick<Redshift, "login" | "copy">;

export interface LoaderOptions {
  readonly configuration: RedshiftConfiguration;
  readonly staging: Staging;
  readonly warehouse: Warehouse;
  /** A secret's text, by its ARN, read in a role. */
  secrets(arn: string, roleArn: string): Promise<string>;
}

/** What an attempt did. */
export interface Attempt {
  /** COPYs that succeeded. */
  readonly copies: number;
  readonly rows: number;
  /** Whether Firehose learns of it. */
  readonly known: boolean;
}

/** Issues one COPY of staged objects, as the stream's own user of the database. */
export async function load(
  keys: readonly string[],
  fault: CopyFault | undefined,
  options: LoaderOptions,
): Promise<Attempt> {
  const { configuration, staging, warehouse } = options;
  if (fault === "refuse")
    throw new DeliveryFailure("Redshift.ConnectionFailed", "the connection was refused on purpose");
  const { username, password } = await credentials(options);
  await warehouse.login(username, password);
  const objects = await Promise.all(keys.map(async (name) => ({ name, body: await staging.read(name) })));
  const { dataTableName: table, dataTableColumns: columns, copyOptions } = configuration;
  const copy = { table, ...(columns === undefined ? {} : { columns }), options: copyOptions, objects, user: username };
  const rows = await warehouse.copy(copy);
  if (fault !== "repeat") return { copies: 1, rows, known: fault !== "forget" };
  return { copies: 2, rows: rows + (await warehouse.copy(copy)), known: true };
}

async function credentials({ configuration, secrets }: LoaderOptions): Promise<{ username: string; password: string }> {
  const { secretsManagerConfiguration: secret, username = "", password = "" } = configuration;
  if (!secret?.enabled || secret.secretArn === undefined) return { username, password };
  const text = await secrets(secret.secretArn, secret.roleArn ?? configuration.roleArn);
  const value = parsed(text);
  if (typeof value?.username === "string" && typeof value.password === "string") {
    return { username: value.username, password: value.password };
  }
  throw new CopyError(
    "AuthenticationFailed",
    `the secret ${secret.secretArn} is no JSON with a username and a password`,
  );
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return Object(JSON.parse(text));
  } catch {
    return undefined; // the error must not quote the secret
  }
}
