import * as aws from "@pulumi/aws";
import type { Problem } from "./problem.ts";

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
