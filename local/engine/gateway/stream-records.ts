type Json = Record<string, unknown>;

const eventIds = /("eventID":")([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12}")/g;

/**
 * The answer to GetRecords as DynamoDB would write it: DynamoDB Local's event ids are UUIDs with dashes, where
 * DynamoDB's are 32 hexadecimal digits, and its empty maps lack their type. Item data cannot look like an event id:
 * quotes within it are escaped, and an attribute's value is an object.
 */
export function mendStreamRecords(body: Buffer): Buffer {
  const text = body.toString("latin1");
  const mended = text.replace(eventIds, "$1$2$3$4$5$6");
  return mendEmptyMaps(mended === text ? body : Buffer.from(mended, "latin1"));
}

/**
 * The answer to GetRecords with its empty maps mended: DynamoDB Local writes `{"M":{}}` as `{}` in stream records,
 * though not elsewhere. DynamoDB never answers with an attribute value that has no type, so nothing else can be meant.
 */
function mendEmptyMaps(body: Buffer): Buffer {
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
