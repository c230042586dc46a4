import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { type AttributeValue, DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient, type DynamoDBStreamsClientConfig } from "@aws-sdk/client-dynamodb-streams";
import { isObject } from "../../infra/is-object.ts";
import { fromJson } from "./attribute-values.ts";

// As it reads a map, the SDK overwrites the value under the name `__proto__`: an attribute of that name would be undefined,
// and so would a key of that name, with which a scan goes on. As it writes one, it keeps it.

/** A client that reads tables whole, whatever their attributes are called. */
export function dynamoDbClient(config: DynamoDBClientConfig): DynamoDBClient {
  const client = new DynamoDBClient(config);
  readWhole(client);
  return client;
}

/** A client that reads streams whole, whatever the attributes of their records are called. */
export function streamsClient(config: DynamoDBStreamsClientConfig): DynamoDBStreamsClient {
  const client = new DynamoDBStreamsClient(config);
  readWhole(client);
  return client;
}

/** Takes from the answer itself what the SDK loses of it. */
function readWhole(client: Pick<DynamoDBClient | DynamoDBStreamsClient, "middlewareStack">): void {
  const stack = client.middlewareStack as DynamoDBClient["middlewareStack"];
  const answers = new WeakMap<object, string>();
  stack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { response } = result;
      if (isResponse(response)) {
        const body = await buffer(response.body as Readable);
        if (body.includes('"__proto__"')) answers.set(response, body.toString("utf8"));
        response.body = body;
      }
      return result;
    },
    { name: "keepAnswer", step: "deserialize", priority: "low" },
  );
  stack.add(
    (next) => async (args) => {
      const result = await next(args);
      const answer = isResponse(result.response) ? answers.get(result.response) : undefined;
      if (answer !== undefined) restore(result.output, JSON.parse(answer));
      return result;
    },
    { name: "restoreAttributes", step: "deserialize", priority: "high" },
  );
}

/** Replaces every map of attributes that has one of that name by what the answer has in its place. */
function restore(output: unknown, answer: unknown): void {
  if (!isContainer(output) || !isContainer(answer)) return;
  for (const [name, exact] of Object.entries(answer)) {
    if (!Object.hasOwn(output, name)) continue;
    if (isObject(exact) && Object.hasOwn(exact, "__proto__"))
      output[name] = fromJson(exact as Record<string, AttributeValue>);
    else restore(output[name], exact);
  }
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return isObject(value) || Array.isArray(value);
}

function isResponse(response: unknown): response is { body: unknown } {
  return isObject(response) && response.body !== undefined;
}
