import * as aws from "@pulumi/aws";
import type { Problem, StreamViewType } from "../kind.ts";

/** A table that existed before the stack, as AWS describes it. */
export interface AdoptedTable {
  readonly tableName: string;
  readonly tableArn: string;
  readonly streamArn: string;
  readonly view: StreamViewType;
  readonly hashKey: Key;
  readonly rangeKey?: Key;
  /** The KMS key that encrypts the table, if it is not DynamoDB's own. */
  readonly kmsKeyArn?: string;
}

/** A key attribute. */
export interface Key {
  readonly name: string;
  readonly type: "S" | "N" | "B";
}

/** Looks an existing table up before anything is created; says what to do when it is not there or its stream is off. */
export async function adopt(tableName: string, region: string, path: string): Promise<AdoptedTable | Problem> {
  let table: aws.dynamodb.GetTableResult;
  try {
    table = await aws.dynamodb.getTable({ name: tableName });
  } catch (error) {
    return { path, message: notFound(tableName, region, error instanceof Error ? error.message : String(error)) };
  }
  if (!table.streamEnabled) {
    const message = `the stream of table "${tableName}" is off; turn it on: ${updateStream(tableName, region, "StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES")}`;
    return { path, message };
  }
  const key = (name: string): Key => ({
    name,
    type: table.attributes.find((attribute) => attribute.name === name)?.type as Key["type"],
  });
  return {
    tableName,
    tableArn: table.arn,
    streamArn: table.streamArn,
    view: table.streamViewType as StreamViewType,
    hashKey: key(table.hashKey),
    ...(table.rangeKey ? { rangeKey: key(table.rangeKey) } : {}),
    ...(table.serverSideEncryption?.kmsKeyArn ? { kmsKeyArn: table.serverSideEncryption.kmsKeyArn } : {}),
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

function notFound(tableName: string, region: string, reason: string): string {
  return reason.search(/not ?found|couldn't find|empty result/i) !== -1
    ? `there is no table "${tableName}" in ${region}; expected a table of this account and Region, or no \`existing\` to make one`
    : `the table "${tableName}" could not be looked up in ${region}; AWS answered: ${reason}`;
}
