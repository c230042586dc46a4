import { type AttributeValue, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type * as aws from "@pulumi/aws";
import { isObject } from "../../../infra/settings/is-object.ts";
import { fromJson } from "../../../operate/stream/attribute-values.ts";
import { UserError } from "../../../terminal/user-error.ts";
import { engine } from "../gateway/service-call.ts";
import { accept, type LocalResource } from "../resource.ts";

/** An item that the program writes into a table; there must be none with its key yet. */
export const tableItem: LocalResource = {
  async create(registration, world) {
    const args = accept<aws.dynamodb.TableItemArgs>(registration, {
      used: ["hashKey", "item", "rangeKey", "tableName"],
    });
    const Item = parse(args.item);
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

function parse(text: string): Record<string, AttributeValue> {
  try {
    const item: unknown = JSON.parse(text);
    if (isObject(item)) return fromJson(item as Record<string, AttributeValue>);
  } catch (error) {
    throw new UserError(`\`item\` is not JSON: ${(error as Error).message}.`, { cause: error });
  }
  throw new UserError('`item` must be an object of attribute values, such as {"id": {"S": "a"}}.');
}
