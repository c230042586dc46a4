import * as aws from "@pulumi/aws";
import type { Problem } from "./check.ts";
import type { StreamViewType } from "./source.ts";

/** A key attribute. */
export interface Key {
  readonly name: string;
  readonly type: "S" | "N" | "B";
}

/** A table that exists, as AWS describes it. */
export interface FoundTable {
  readonly described: aws.dynamodb.GetTableResult;
  readonly hashKey: Key;
  readonly rangeKey?: Key;
}

/** Looks a table up before anything is created; a problem at `path` if it is not there. */
export async function lookUpTable(name: string, region: string, path: string): Promise<FoundTable | Problem> {
  let described: aws.dynamodb.GetTableResult;
  try {
    described = await aws.dynamodb.getTable({ name, region });
  } catch (error) {
    return { path, message: notFound(name, region, error instanceof Error ? error.message : String(error)) };
  }
  const key = (name: string): Key => ({
    name,
    type: described.attributes.find((attribute) => attribute.name === name)?.type as Key["type"],
  });
  return {
    described,
    hashKey: key(described.hashKey),
    ...(described.rangeKey ? { rangeKey: key(described.rangeKey) } : {}),
  };
}

function notFound(name: string, region: string, reason: string): string {
  return reason.search(/not ?found|couldn't find|empty result/i) !== -1
    ? `there is no table "${name}" in ${region}; expected a table of this account and Region, or no \`existing\` to make one`
    : `the table "${name}" could not be looked up in ${region}; AWS answered: ${reason}`;
}

/** A table that existed before the stack, as AWS describes it. */
export interface AdoptedTable {
  readonly tableName: string;
  readonly tableArn: string;
  readonly streamArn: string;
  readonly view: StreamViewType;
  readonly hashKey: Key;
  readonly rangeKey?: Key;
  /** The attribute that says when an item expires, if time to live is on. */
  readonly ttlAttribute?: string;
  /** Where else the table is, if it is a global one. */
  readonly replicaRegions: readonly string[];
  /**
   * The KMS key that encrypts the table, if it is not DynamoDB's own. AWS does not say whether it is the account's, which
   * a reader needs a permission for, or the one that AWS manages, for which the permission is superfluous.
   */
  readonly kmsKeyArn?: string;
}

/** Looks an existing table up before anything is created; says what to do when it is not there or its stream is off. */
export async function adopt(tableName: string, region: string, path: string): Promise<AdoptedTable | Problem> {
  const found = await lookUpTable(tableName, region, path);
  if ("message" in found) return found;
  const { described, ...keys } = found;
  if (!described.streamEnabled) {
    const message = `the stream of table "${tableName}" is off; turn it on: ${updateStream(tableName, region, "StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES")}`;
    return { path, message };
  }
  // The type has it always, but a table under DynamoDB's own key is described without it.
  const kmsKeyArn = described.serverSideEncryption?.kmsKeyArn;
  const { ttl } = described;
  return {
    tableName,
    tableArn: described.arn,
    streamArn: described.streamArn,
    view: described.streamViewType as StreamViewType,
    ...keys,
    ...(ttl?.enabled ? { ttlAttribute: ttl.attributeName } : {}),
    replicaRegions: described.replicas.map(({ regionName }) => regionName),
    ...(kmsKeyArn ? { kmsKeyArn } : {}),
  };
}

/** How to change the view type of an existing stream. AWS does not change it in place: every reader gets a new stream. */
export function changeView(tableName: string, region: string, view: StreamViewType): string {
  const off = updateStream(tableName, region, "StreamEnabled=false");
  const on = updateStream(tableName, region, `StreamEnabled=true,StreamViewType=${view}`);
  return `turn the stream off and on again, which gives every reader of it a new stream: ${off} && ${on}`;
}

function updateStream(tableName: string, region: string, specification: string): string {
  return `aws dynamodb update-table --region ${region} --table-name ${tableName} --stream-specification ${specification}`;
}
