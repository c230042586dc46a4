import { isObject } from "../../../../infra/is-object.ts";
import { arn } from "../../aws.ts";
import type { ServiceCall } from "../../gateway/service-call.ts";
import type { Right } from "../role.ts";
import { jsonBody, objects, type Requirements, text } from "./requirements.ts";

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html */
export const dynamodb: Requirements = {
  ...Object.fromEntries(
    [
      "CreateTable",
      "DeleteItem",
      "DeleteTable",
      "DescribeTable",
      "DescribeTimeToLive",
      "GetItem",
      "PutItem",
      "Query",
      "Scan",
      "UpdateItem",
      "UpdateTable",
      "UpdateTimeToLive",
    ].map((operation) => [operation, onTable]),
  ),
  BatchGetItem: onEachTable,
  BatchWriteItem: onEachTable,
  TransactGetItems: inTransaction,
  TransactWriteItems: inTransaction,
  ListTables: () => [{ action: "dynamodb:ListTables", resource: "*" }],
  DescribeStream: (call) => onStream(call, text(jsonBody(call).StreamArn)),
  GetShardIterator: (call) => onStream(call, text(jsonBody(call).StreamArn)),
  // An iterator begins with its stream's ARN, and DynamoDB Local calls every Region its own.
  GetRecords: (call) => {
    const [stream = ""] = text(jsonBody(call).ShardIterator).split("|");
    return onStream(call, stream.replace(/^(arn:aws:dynamodb:)[^:]+:/, `$1${call.region}:`));
  },
  ListStreams: (call) => {
    const table = text(jsonBody(call).TableName);
    const resource = `${tableArn(table === "" ? "*" : table, call.region)}/stream/*`;
    return [{ action: "dynamodb:ListStreams", resource }];
  },
};

/** What each part of a transaction is, as an action. */
const transactionActions: Readonly<Record<string, string>> = {
  Get: "GetItem",
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
};

function onTable(call: ServiceCall): readonly Right[] {
  const { TableName, IndexName } = jsonBody(call);
  const table = tableArn(text(TableName), call.region);
  const resource = typeof IndexName === "string" ? `${table}/index/${IndexName}` : table;
  return [{ action: `dynamodb:${call.operation}`, resource }];
}

function onEachTable(call: ServiceCall): readonly Right[] {
  const { RequestItems } = jsonBody(call);
  const tables = isObject(RequestItems) ? Object.keys(RequestItems) : [""];
  return tables.map((table) => ({
    action: `dynamodb:${call.operation}`,
    resource: tableArn(table, call.region),
  }));
}

function inTransaction(call: ServiceCall): readonly Right[] {
  return objects(jsonBody(call).TransactItems).flatMap((part) =>
    Object.entries(part).map(([kind, item]) => ({
      action: `dynamodb:${transactionActions[kind] ?? kind}`,
      resource: tableArn(text(isObject(item) ? item.TableName : undefined), call.region),
    })),
  );
}

function onStream({ operation }: ServiceCall, stream: string): readonly Right[] {
  return [{ action: `dynamodb:${operation}`, resource: stream }];
}

/** A table may be named by its ARN. */
function tableArn(nameOrArn: string, region: string): string {
  return nameOrArn.startsWith("arn:") ? nameOrArn : arn("dynamodb", region, `table/${nameOrArn}`);
}
