type Json = Record<string, unknown>;

/**
 * The answer to GetRecords with its empty maps mended: DynamoDB Local writes `{"M":{}}` as `{}` in stream records,
 * though not elsewhere. DynamoDB never answers with an attribute value that has no type, so nothing else can be meant.
 */
export function mendEmptyMaps(body: Buffer): Buffer {
  if (!body.includes("{}")) return body;
  const answer = JSON.parse(body.toString("utf8")) as { Records?: { dynamodb?: Json }[] };
  for (const { dynamodb = {} } of answer.Records ?? []) {
    for (const image of ["OldImage", "NewImage"]) {
      if (image in dynamodb) dynamodb[image] = attributes(dynamodb[image] as Json);
    }
  }
  return Buffer.from(JSON.stringify(answer));
}

function attributes(image: Json): Json {
  return Object.fromEntries(Object.entries(image).map(([name, value]) => [name, attribute(value as Json)]));
}

function attribute(value: Json): Json {
  if (Object.keys(value).length === 0) return { M: {} };
  if (value.M !== undefined) return { M: attributes(value.M as Json) };
  if (value.L !== undefined) return { L: (value.L as Json[]).map(attribute) };
  return value;
}
