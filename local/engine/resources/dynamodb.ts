import {
  type AttributeDefinition,
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type GlobalSecondaryIndex,
  type KeySchemaElement,
  type LocalSecondaryIndex,
  type ProjectionType,
  type StreamViewType,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { UserError } from "../../../terminal/user-error.ts";
import { emulatorArn } from "../gateway/addresses.ts";
import { engine } from "../gateway/service-call.ts";
import { accept, type Created, type LocalCall, type LocalResource } from "../resource.ts";
import type { World } from "../world/world.ts";
import { physicalName } from "./naming.ts";

type TableArgs = pulumi.Unwrap<aws.dynamodb.TableArgs>;

const indexKeys = { name: true, rangeKey: true, projectionType: true, nonKeyAttributes: true } as const;
const onDemandThroughput = { maxReadRequestUnits: true, maxWriteRequestUnits: true } as const;
const warmThroughput = { readUnitsPerSecond: true, writeUnitsPerSecond: true } as const;

/** A table in DynamoDB Local, with its stream. Its time to live is the engine's own, see `expire`. */
export const table: LocalResource = {
  async create(registration, world) {
    const args = accept<aws.dynamodb.TableArgs>(registration, {
      used: [
        "name",
        "attributes",
        "hashKey",
        "rangeKey",
        "billingMode",
        "readCapacity",
        "writeCapacity",
        "streamEnabled",
        "streamViewType",
        "ttl",
        "globalSecondaryIndexes",
        "localSecondaryIndexes",
      ],
      withoutMeaning: [
        "deletionProtectionEnabled",
        "onDemandThroughput",
        "pointInTimeRecovery",
        "serverSideEncryption",
        "tableClass",
        "tags",
        "warmThroughput",
      ],
      nested: {
        attributes: { name: true, type: true },
        globalSecondaryIndexes: {
          ...indexKeys,
          hashKey: true,
          keySchemas: { attributeName: true, keyType: true },
          readCapacity: true,
          writeCapacity: true,
          onDemandThroughput,
          warmThroughput,
        },
        localSecondaryIndexes: indexKeys,
        onDemandThroughput,
        pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: true },
        serverSideEncryption: { enabled: true, kmsKeyArn: true },
        ttl: { attributeName: true, enabled: true },
        warmThroughput,
      },
    });
    const name = physicalName(registration, { limit: 255 });
    const { dynamodb } = world.clientsAs(engine, registration.region);
    const { TableDescription: made } = await dynamodb.send(new CreateTableCommand(request(name, args)));
    remember(made, args.ttl, world);
    return described(made);
  },
  async read(id, { region }, world) {
    return described(await describe(id, region, world));
  },
};

/** `aws.dynamodb.getTable`: a table that exists, whoever made it. */
export const getTable: LocalCall = async ({ name, region }, world) => {
  const found = await describe(String(name), String(region ?? world.region), world);
  const { id, outputs } = described(found);
  return {
    id,
    ...outputs,
    region: region ?? world.region,
    pointInTimeRecovery: { enabled: false, recoveryPeriodInDays: 0 },
    serverSideEncryption: { enabled: false, kmsKeyArn: "" },
    replicas: [],
    tags: {},
    ttl: ttlOf(found, world),
  };
};

async function describe(name: string, region: string, world: World): Promise<TableDescription | undefined> {
  try {
    const { Table } = await world
      .clientsAs(engine, region)
      .dynamodb.send(new DescribeTableCommand({ TableName: name }));
    return Table;
  } catch (error) {
    if ((error as Error).name !== "ResourceNotFoundException") throw error;
    throw new Error(
      `reading Amazon DynamoDB Table (${name}): ResourceNotFoundException: Requested resource not found: Table: ${name} not found`,
    );
  }
}

function request(name: string, args: TableArgs): CreateTableCommandInput {
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

function described(table: TableDescription | undefined): Created {
  const { TableName: name, TableArn: arn, StreamSpecification: stream } = table ?? {};
  if (name === undefined) throw new Error("DynamoDB Local described a table without a name");
  const key = (type: string) => table?.KeySchema?.find(({ KeyType }) => KeyType === type)?.AttributeName;
  return {
    id: name,
    outputs: {
      name,
      arn,
      hashKey: key("HASH"),
      rangeKey: key("RANGE"),
      attributes: table?.AttributeDefinitions?.map(({ AttributeName, AttributeType }) => ({
        name: AttributeName,
        type: AttributeType,
      })),
      billingMode: table?.BillingModeSummary?.BillingMode ?? "PROVISIONED",
      streamEnabled: stream?.StreamEnabled ?? false,
      streamViewType: stream?.StreamViewType ?? "",
      streamArn: table?.LatestStreamArn ?? "",
      streamLabel: table?.LatestStreamLabel ?? "",
    },
  };
}

function remember(table: TableDescription | undefined, ttl: TableArgs["ttl"], world: World): void {
  const { TableName: tableName, TableArn: arn, LatestStreamArn: streamArn, KeySchema = [] } = table ?? {};
  if (ttl?.enabled !== true || tableName === undefined || arn === undefined) return;
  world.expiring.set(arn, {
    tableName,
    attribute: ttl.attributeName ?? "",
    key: KeySchema.flatMap(({ AttributeName }) => AttributeName ?? []),
    ...(streamArn === undefined ? {} : { streamArn: emulatorArn(streamArn) }),
  });
}

function ttlOf(table: TableDescription | undefined, world: World) {
  const attribute = world.expiring.get(table?.TableArn ?? "")?.attribute;
  return { attributeName: attribute ?? "", enabled: attribute !== undefined };
}
