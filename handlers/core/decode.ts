import type { Change, Image, Operation } from "./contract.ts";
import { type Identity, isExpired, type SourceFacts } from "./global-table.ts";
import { decodeImage, Malformed, objectAt } from "./image-json.ts";
import { eventIdOf, isKeyValue, isSameKeyValue, keyHash } from "./key-and-version.ts";

const operations: readonly string[] = ["INSERT", "MODIFY", "REMOVE"] satisfies Operation[];
const views = ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"];
/** The last second of the year 9999. Milliseconds, which other sources of changes have, are far beyond it. */
const lastTime = 253_402_300_799;

/**
 * Decodes one record of a DynamoDB stream's event, or throws `Malformed` with the JSON path of what is wrong.
 *
 * The API marks every field of a record as optional
 * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html), and hand-made events
 * leave some out, or null. What says which change it is, and in which order it comes, must be there: `eventName`, `Keys` and
 * `SequenceNumber`. So must an image that `StreamViewType` promises: a record without it would pass for a change that
 * carries no data. Everything else may be missing, but must make sense where it is there.
 *
 * @param source what is known of the source besides
 * @param redriven whether it is brought back from a failure queue
 */
export function decode(record: unknown, path: string, source: SourceFacts = {}, redriven = false): Change {
  const { eventID, eventName, userIdentity, dynamodb } = objectAt(record, path);
  if (!isOperation(eventName)) throw new Malformed(`${path}.eventName`, `must be one of ${operations.join(", ")}`);

  const at = `${path}.dynamodb`;
  const body = objectAt(dynamodb, at);
  const keys = keysAt(body.Keys, `${at}.Keys`);
  const before = image(body, "OldImage", at, keys);
  const after = image(body, "NewImage", at, keys);
  checkImages(eventName, before, after, optional(view, body.StreamViewType, `${at}.StreamViewType`), at);
  const hash = keyHash(keys);
  const version = sequenceNumber(body.SequenceNumber, `${at}.SequenceNumber`);
  const seconds = optional(time, body.ApproximateCreationDateTime, `${at}.ApproximateCreationDateTime`);
  const expired =
    eventName === "REMOVE" &&
    isExpired(optional(identity, userIdentity, `${path}.userIdentity`), { before, seconds }, source);

  return {
    operation: eventName,
    keys,
    keyHash: hash,
    ...(before && { before }),
    ...(after && { after }),
    version,
    eventId: optional(eventId, eventID, `${path}.eventID`) ?? eventIdOf(hash, version),
    ...(seconds !== undefined && { time: iso(seconds) }),
    ...(expired !== undefined && { expired }),
    redriven,
    bytes: optional(size, body.SizeBytes, `${at}.SizeBytes`) ?? 0,
  };
}

/** The value as a stream's sequence number, which names a record when Lambda is answered, or `Malformed`. */
export function sequenceNumber(value: unknown, path: string): string {
  if (typeof value !== "string" || !value.match(/^\d{1,40}$/)) {
    throw new Malformed(path, "must be a decimal string of up to 40 digits");
  }
  return value;
}

/** Reads a field that a record may leave out, or null. */
function optional<T>(read: (value: unknown, path: string) => T, value: unknown, path: string): T | undefined {
  return value === undefined || value === null ? undefined : read(value, path);
}

function eventId(value: unknown, path: string): string {
  if (typeof value !== "string" || value === "") throw new Malformed(path, "must be a non-empty string");
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
  const decoded = optional(decodeImage, body[name], `${at}.${name}`);
  if (decoded === undefined) return undefined;
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
  viewType: string | undefined,
  at: string,
): void {
  const what = `${operation === "INSERT" ? "an" : "a"} ${operation}${viewType === undefined ? "" : ` of ${viewType}`}`;
  const sees = (one: string) => viewType === one || viewType === "NEW_AND_OLD_IMAGES";
  const images = [
    ["OldImage", before, operation !== "INSERT", sees("OLD_IMAGE")],
    ["NewImage", after, operation !== "REMOVE", sees("NEW_IMAGE")],
  ] as const;
  for (const [name, found, hasPlace, isSeen] of images) {
    if (hasPlace && isSeen && found === undefined) throw new Malformed(`${at}.${name}`, `is missing from ${what}`);
    if (found !== undefined && !(hasPlace && (isSeen || viewType === undefined)))
      throw new Malformed(`${at}.${name}`, `has no place in ${what}`);
  }
}

/** Whole seconds since the epoch. */
function time(value: unknown, path: string): number {
  if (typeof value !== "number" || !(value >= 0 && value <= lastTime)) {
    throw new Malformed(path, "must be a number of seconds since 1970");
  }
  return Math.floor(value);
}

function iso(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, -5)}Z`;
}

function identity(value: unknown, path: string): Identity {
  const { type, principalId } = objectAt(value, path);
  return type === "Service" && principalId === "dynamodb.amazonaws.com" ? "time to live" : "other";
}

function size(value: unknown, path: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw new Malformed(path, "must be a whole number of bytes");
  }
  return value;
}
