import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import {
  DynamoDBStreamsClient,
  type DynamoDBStreamsClientConfig,
  type GetRecordsCommandOutput,
} from "@aws-sdk/client-dynamodb-streams";
import { isObject } from "../../infra/is-object.ts";
import { fromJson } from "./attribute-values.ts";

type Image = Record<string, AttributeValue>;
type Images = { Keys?: Image; OldImage?: Image; NewImage?: Image };

const images = ["Keys", "OldImage", "NewImage"] as const;

/**
 * A client that reads streams whole. As it reads a map, the SDK overwrites the value under the name `__proto__`: an attribute
 * of that name would be undefined.
 */
export function streamsClient(config: DynamoDBStreamsClientConfig): DynamoDBStreamsClient {
  const client = new DynamoDBStreamsClient(config);
  const answers = new WeakMap<object, string>();
  client.middlewareStack.add(
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
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const answer = isResponse(result.response) ? answers.get(result.response) : undefined;
      if (answer !== undefined) restore(result.output as GetRecordsCommandOutput, answer);
      return result;
    },
    { name: "restoreImages", step: "deserialize", priority: "high" },
  );
  return client;
}

/** Takes the images of records from the answer itself. */
function restore({ Records = [] }: GetRecordsCommandOutput, text: string): void {
  const answer = JSON.parse(text) as { Records?: { dynamodb?: Images }[] };
  for (const [index, { dynamodb }] of Records.entries()) {
    for (const image of images) {
      const exact = answer.Records?.[index]?.dynamodb?.[image];
      if (dynamodb !== undefined && exact !== undefined) dynamodb[image] = fromJson(exact);
    }
  }
}

function isResponse(response: unknown): response is { body: unknown } {
  return isObject(response) && response.body !== undefined;
}
