import type {
  AttributeDefinition,
  CreateTableCommandInput,
  GlobalSecondaryIndex,
  KeySchemaElement,
  LocalSecondaryIndex,
  ProjectionType,
  StreamViewType,
} from "@aws-sdk/client-dynamodb";
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { UserError } from "../../../terminal/user-error.ts";
import type { ExpectedKey } from "../world/expected-key.ts";

/** What a program says of a table. */
export type TableArgs = pulumi.Unwrap<aws.dynamodb.TableArgs>;

/** The request that creates a table with these arguments. */
export function createTableRequest(name: string, args: TableArgs): CreateTableCommandInput {
  const { billingMode = "PROVISIONED", streamEnabled = false, streamViewType } = args;
  const onDemand = billingMode === "PAY_PER_REQUEST";
  const capacity = (from: { readCapacity?: number | undefined; writeCapacity?: number | undefined }) =>
    onDemand
      ? {}
      : { ProvisionedThroughput: { ReadCapacityUnits: from.readCapacity, WriteCapacityUnits: from.writeCapacity } };
  if (args.hashKey === undefined) throw new UserError("`hashKey` is missing: a table needs one.");
  const globals = (args.globalSecondaryIndexes ?? []).map((index): GlobalSecondaryIndex => {
    const keys = index.keySchemas?.map(
      ({ attributeName, keyType }) => ({ AttributeName: attributeName, KeyType: keyType }) as KeySchemaElement,
    );
    return {
      IndexName: index.name,
      KeySchema: keys ?? keySchema(index.hashKey, index.rangeKey),
      ...projection(index),
      ...capacity(index),
    };
  });
  const locals = (args.localSecondaryIndexes ?? []).map((index): LocalSecondaryIndex => {
    return { IndexName: index.name, KeySchema: keySchema(args.hashKey, index.rangeKey), ...projection(index) };
  });
  return {
    TableName: name,
    AttributeDefinitions: (args.attributes ?? []).map(
      ({ name, type }): AttributeDefinition => ({ AttributeName: name, AttributeType: type as "S" | "N" | "B" }),
    ),
    KeySchema: keySchema(args.hashKey, args.rangeKey),
    BillingMode: onDemand ? "PAY_PER_REQUEST" : "PROVISIONED",
    ...capacity(args),
    ...(globals.length > 0 ? { GlobalSecondaryIndexes: globals } : {}),
    ...(locals.length > 0 ? { LocalSecondaryIndexes: locals } : {}),
    ...(streamEnabled
      ? { StreamSpecification: { StreamEnabled: true, StreamViewType: streamViewType as StreamViewType } }
      : {}),
  };
}

/** The request that makes a table that a program expects to find: empty, and with a stream that has all there is. */
export function expectedTable(name: string, key: ExpectedKey): CreateTableCommandInput {
  return {
    TableName: name,
    AttributeDefinitions: key.map((one) => ({ AttributeName: one.name, AttributeType: one.type })),
    KeySchema: key.map((one, index) => ({ AttributeName: one.name, KeyType: index === 0 ? "HASH" : "RANGE" })),
    BillingMode: "PAY_PER_REQUEST",
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
  };
}

function keySchema(hashKey: string | undefined, rangeKey: string | undefined): KeySchemaElement[] {
  return [
    { AttributeName: hashKey, KeyType: "HASH" },
    ...(rangeKey === undefined ? [] : [{ AttributeName: rangeKey, KeyType: "RANGE" } as const]),
  ];
}

function projection(index: { readonly projectionType: string; readonly nonKeyAttributes?: string[] | undefined }) {
  const { projectionType, nonKeyAttributes } = index;
  return { Projection: { ProjectionType: projectionType as ProjectionType, NonKeyAttributes: nonKeyAttributes } };
}
