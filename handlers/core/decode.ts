import type { Change, Image, Operation } from "./contract.ts";
import { decodeImage, Malformed, objectAt } from "./image-json.ts";
import { isKeyValue, isSameKeyValue, keyHash } from "./key-and-version.ts";

const operations: readonly string[] = ["INSERT", "MODIFY", "REMOVE"] satisfies Operation[];
const views = ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"];
const lastTime = 8.64e12; // the last second that a Date can hold

/**
 * Decodes one record of a DynamoDB stream's event, or throws `Malformed` with the JSON path of what is wrong. An image
 * that the stream's view type promises must be there: a record without it would pass for a change that carries no data.
 *
 * @param redriven whether it is brought back from a failure queue
 */
export function decode(record: unknown, path: string, redriven = false): Change {
  const { eventID, eventName, userIdentity, dynamodb } = objectAt(record, path);
  if (typeof eventID !== "string" || eventID === "")
    throw new Malformed(`${path}.eventID`, "must be a non-empty string");
  if (!isOperation(eventName)) throw new Malformed(`${path}.eventName`, `must be one of ${operations.join(", ")}`);

  const at = `${path}.dynamodb`;
  const body = objectAt(dynamodb, at);
  const keys = keysAt(body.Keys, `${at}.Keys`);
  const before = image(body, "OldImage", at, keys);
  const after = image(body, "NewImage", at, keys);
  checkImages(eventName, before, after, view(body.StreamViewType, `${at}.StreamViewType`), at);

  return {
    operation: eventName,
    keys,
    keyHash: keyHash(keys),
    ...(before && { before }),
    ...(after && { after }),
    version: sequenceNumber(body.SequenceNumber, `${at}.SequenceNumber`),
    eventId: eventID,
    time: time(body.ApproximateCreationDateTime, `${at}.ApproximateCreationDateTime`),
    expired: eventName === "REMOVE" && isTimeToLive(userIdentity, `${path}.userIdentity`),
    redriven,
    bytes: size(body.SizeBytes, `${at}.SizeBytes`),
  };
}

/** The value as a stream's sequence number, which names a record when Lambda is answered, or `Malformed`. */
export function sequenceNumber(value: unknown, path: string): string {
  if (typeof value !== "string" || !value.match(/^\d{1,40}$/)) {
    throw new Malformed(path, "must be a decimal string of up to 40 digits");
  }
  return value;
}

function isOperation(value: unknown): value is Operation {
  return typeof value === "string" && operations.includes(value);
}

function keysAt(value: unknown, path: string): Image {
  const keys = decodeImage(value, path);
  const attributes = Object.entries(keys);
  if (attributes.length === 0) throw new Malformed(path, "must not be empty");
  for (const [name, one] of attributes) {
    if (!isKeyValue(one)) throw new Malformed(`${path}.${name}`, "must be a string, a number or a binary");
  }
  return keys;
}

/** An image, which must be of the item that the keys name: destinations write it under its own key attributes. */
function image(
  body: Record<string, unknown>,
  name: "OldImage" | "NewImage",
  at: string,
  keys: Image,
): Image | undefined {
  if (body[name] === undefined) return undefined;
  const decoded = decodeImage(body[name], `${at}.${name}`);
  for (const [key, one] of Object.entries(keys)) {
    if (!Object.hasOwn(decoded, key) || !isSameKeyValue(decoded[key]!, one))
      throw new Malformed(`${at}.${name}.${key}`, "must be the key attribute that Keys has");
  }
  return decoded;
}

function view(value: unknown, path: string): string {
  if (typeof value !== "string" || !views.includes(value))
    throw new Malformed(path, `must be one of ${views.join(", ")}`);
  return value;
}

function checkImages(
  operation: Operation,
  before: Image | undefined,
  after: Image | undefined,
  viewType: string,
  at: string,
): void {
  const sees = (one: string) => viewType === one || viewType === "NEW_AND_OLD_IMAGES";
  const expected = [
    ["OldImage", before, operation !== "INSERT" && sees("OLD_IMAGE")],
    ["NewImage", after, operation !== "REMOVE" && sees("NEW_IMAGE")],
  ] as const;
  for (const [name, found, wanted] of expected) {
    if (wanted && found === undefined)
      throw new Malformed(`${at}.${name}`, `is missing from a ${operation} of ${viewType}`);
    if (!wanted && found !== undefined)
      throw new Malformed(`${at}.${name}`, `has no place in a ${operation} of ${viewType}`);
  }
}

function time(value: unknown, path: string): string {
  if (typeof value !== "number" || !(value >= 0 && value <= lastTime)) {
    throw new Malformed(path, "must be a number of seconds since 1970");
  }
  return `${new Date(Math.floor(value) * 1000).toISOString().slice(0, -5)}Z`;
}

function isTimeToLive(value: unknown, path: string): boolean {
  if (value === undefined || value === null) return false;
  const { type, principalId } = objectAt(value, path);
  return type === "Service" && principalId === "dynamodb.amazonaws.com";
}

function size(value: unknown, path: string): number {
  if (value === undefined) return 0; // it only feeds the log: no reason to refuse a record
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw new Malformed(path, "must be a whole number of bytes");
  }
  return value;
}
