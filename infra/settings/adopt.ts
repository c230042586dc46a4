import type { StreamViewType } from "../stream-view-type.ts";
import { type Key, lookUpTable } from "./look-up-table.ts";
import type { Problem } from "./problem.ts";

/** A table that existed before the stack, as AWS describes it. */
export interface AdoptedTable {
  readonly tableName: string;
  readonly tableArn: string;
  readonly streamArn: string;
  readonly view: StreamViewType;
  readonly hashKey: Key;
  readonly rangeKey?: Key;
  /** Where else the table is, if it is a global one. */
  readonly replicaRegions: readonly string[];
  /**
   * The KMS key that encrypts the table, if DynamoDB does not do it with a key of its own. AWS does not say whether it is
   * the account's, for whose use a right is needed, or the one that AWS manages, for which the right is superfluous.
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
  // Typed as if it were always there, but a table under DynamoDB's own key comes without it.
  const kmsKeyArn = described.serverSideEncryption?.kmsKeyArn;
  return {
    tableName,
    tableArn: described.arn,
    streamArn: described.streamArn,
    view: described.streamViewType as StreamViewType,
    ...keys,
    replicaRegions: described.replicas.map(({ regionName }) => regionName),
    ...(kmsKeyArn ? { kmsKeyArn } : {}),
  };
}

/** How to change what an existing stream carries: AWS does not change it in place, and the new stream is another one for everybody who reads it. */
export function changeView(tableName: string, region: string, view: StreamViewType): string {
  const off = updateStream(tableName, region, "StreamEnabled=false");
  const on = updateStream(tableName, region, `StreamEnabled=true,StreamViewType=${view}`);
  return `turn the stream off and on again, which gives every reader of it a new stream: ${off} && ${on}`;
}

function updateStream(tableName: string, region: string, specification: string): string {
  return `aws dynamodb update-table --region ${region} --table-name ${tableName} --stream-specification ${specification}`;
}
