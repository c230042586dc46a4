import {
  type AttributeValue,
  CreateTableCommand,
  DescribeTableCommand,
  PutItemCommand,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import type * as aws from "@pulumi/aws";
import { isObject } from "../../../infra/is-object.ts";
import { fromJson } from "../../../operate/stream/attribute-values.ts";
import { UserError } from "../../../terminal/user-error.ts";
import { physicalName } from "../aws.ts";
import { emulatorArn } from "../gateway/addresses.ts";
import { engine } from "../gateway/service-call.ts";
import { accept, type Created, type LocalCall, type LocalResource } from "../resource.ts";
import type { World } from "../world/world.ts";
import { createTableRequest, expectedTable, type TableArgs } from "./dynamodb-create-table.ts";

const indexKeys = { name: true, rangeKey: true, projectionType: true, nonKeyAttributes: true } as const;
const onDemandThroughput = { maxReadRequestUnits: true, maxWriteRequestUnits: true } as const;
const warmThroughput = { readUnitsPerSecond: true, writeUnitsPerSecond: true } as const;

/** A table in DynamoDB Local, with its stream. Its time to live is the engine's own, see `expireAll`. */
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
      ignored: [
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
    const { TableDescription: made } = await dynamodb.send(new CreateTableCommand(createTableRequest(name, args)));
    rememberTimeToLive(made, args.ttl, world);
    return described(made);
  },
  async read(id, { region }, world) {
    return described(await describe(id, region, world));
  },
};

/** `aws.dynamodb.getTable`: a table that exists, made by this program or not. */
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

/** A table that is there, or that the program expects to find: then it is made, empty. */
async function describe(name: string, region: string, world: World): Promise<TableDescription | undefined> {
  const { dynamodb } = world.clientsAs(engine, region);
  const find = async () => (await dynamodb.send(new DescribeTableCommand({ TableName: name }))).Table;
  try {
    return await find();
  } catch (error) {
    if ((error as Error).name !== "ResourceNotFoundException") throw error;
  }
  const key = world.expectedKey;
  let made: TableDescription | undefined;
  try {
    made = (await dynamodb.send(new CreateTableCommand(expectedTable(name, key)))).TableDescription;
  } catch (error) {
    // Another look-up, at the same time, has just made it.
    if ((error as Error).name === "ResourceInUseException") return find();
    throw error;
  }
  world.expect(
    `the table ${name} in ${region}, with the key ${key.map((one) => `${one.name} (${one.type})`).join(", ")}`,
  );
  return made;
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

function rememberTimeToLive(table: TableDescription | undefined, ttl: TableArgs["ttl"], world: World): void {
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

/** An item that the program writes into a table; there must be none with its key yet. */
export const tableItem: LocalResource = {
  async create(registration, world) {
    const args = accept<aws.dynamodb.TableItemArgs>(registration, {
      used: ["hashKey", "item", "rangeKey", "tableName"],
    });
    const Item = itemOf(args.item);
    const keys = [args.hashKey, args.rangeKey].filter((key) => key !== undefined);
    await world.clientsAs(engine, registration.region).dynamodb.send(
      new PutItemCommand({
        TableName: args.tableName,
        Item,
        ConditionExpression: "attribute_not_exists(#hash)",
        ExpressionAttributeNames: { "#hash": args.hashKey },
      }),
    );
    return { id: [args.tableName, ...keys.map((key) => Object.values(Item[key] ?? {}).join())].join("|"), outputs: {} };
  },
};

function itemOf(text: string): Record<string, AttributeValue> {
  try {
    const item: unknown = JSON.parse(text);
    if (isObject(item)) return fromJson(item as Record<string, AttributeValue>);
  } catch (error) {
    throw new UserError(`\`item\` is not JSON: ${(error as Error).message}.`, { cause: error });
  }
  throw new UserError('`item` must be an object of attribute values, such as {"id": {"S": "a"}}.');
}
