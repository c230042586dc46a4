import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Change, Image, Operation } from "../../handlers/core/contract.ts";
import { imageJson } from "../../handlers/core/image-json.ts";
import { eventIdOf, keyHash } from "../../handlers/core/key-and-version.ts";

let versions = 1_000_000_000_000_000_000_000n;

/** Settings of a change that a test cares about; the rest is filled in. */
export interface Wanted {
  readonly id?: string;
  readonly operation?: Operation;
  readonly before?: Image;
  readonly after?: Image;
  readonly version?: string;
  readonly expired?: boolean;
  readonly redriven?: boolean;
}

/** A change to the item with the given `id`, later than all changes made before it. */
export function change({
  id = "a",
  operation = "MODIFY",
  expired = false,
  redriven = false,
  ...wanted
}: Wanted = {}): Change {
  versions += 100n;
  const version = wanted.version ?? String(versions);
  const keys = { id: { S: id } };
  const image = { ...keys, n: { N: version } };
  const before = operation === "INSERT" ? undefined : { ...image, ...wanted.before, ...keys };
  const after = operation === "REMOVE" ? undefined : { ...image, ...wanted.after, ...keys };
  return {
    operation,
    keys,
    keyHash: keyHash(keys),
    ...(before && { before }),
    ...(after && { after }),
    version,
    eventId: `event-${version}`,
    time: "2026-01-02T03:04:05Z",
    expired,
    redriven,
    bytes: 100,
  };
}

/** The change as it is decoded from a record that says no more than it must. */
export function terse({ time, ...one }: Change): Change {
  return { ...one, eventId: eventIdOf(one.keyHash, one.version), bytes: 0 };
}

/** The change as a record of a stream's event. */
export function record(one: Change) {
  return {
    eventID: one.eventId,
    eventName: one.operation,
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: "us-east-1",
    ...(one.expired && { userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" } }),
    dynamodb: {
      ...(one.time !== undefined && { ApproximateCreationDateTime: Date.parse(one.time) / 1000 }),
      Keys: imageJson(one.keys, "typed"),
      ...(one.before && { OldImage: imageJson(one.before, "typed") }),
      ...(one.after && { NewImage: imageJson(one.after, "typed") }),
      SequenceNumber: one.version,
      SizeBytes: one.bytes,
      StreamViewType: "NEW_AND_OLD_IMAGES",
    },
    eventSourceARN: "arn:aws:dynamodb:us-east-1:123456789012:table/films/stream/2026-01-01T00:00:00.000",
  };
}

/** Every type that DynamoDB has, with the values that are known to get lost; sets in the order in which DynamoDB gives them back. */
export const everything: Image = {
  string: { S: 'quotes " and \\, a line\nbreak, <&>' },
  empty: { S: "" },
  emoji: { S: "🎬👩‍👩‍👧‍👦" },
  nonCharacters: { S: "\uffff\ufffe" },
  controls: { S: "\u0000\u0001\u001f\u007f\u2028" },
  integer: { N: "12345678901234567890123456789012345678" },
  fraction: { N: "-0.12345678901234567890123456789012345678" },
  numbers: { NS: ["-2.5", "1", "99999999999999999999999999999999999999"] },
  strings: { SS: ["b", "🎞"] },
  binary: { B: new Uint8Array([0, 1, 127, 128, 255]) },
  binaries: { BS: [new Uint8Array([1]), new Uint8Array([2, 3])] },
  emptyBinary: { B: new Uint8Array() },
  yes: { BOOL: true },
  no: { BOOL: false },
  nothing: { NULL: true },
  nested: { M: { list: { L: [{ M: { deep: { N: "1.50" } } }, { NULL: true }, { L: [] }] }, map: { M: {} } } },
  "odd name": { S: "spaces, dots. and 'quotes'" },
  Case: { S: "upper" },
  case: { S: "lower" },
};

/** Attributes that bring an item close to 400 KB, in strings that Redshift takes. */
export function large(letter: string): Record<string, AttributeValue> {
  return Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`part${i}`, { S: letter.repeat(65_000) }]));
}

/** An attribute that is 160 KB to DynamoDB, and over 1 MiB as JSON. */
export const oversize: Image = { flags: { L: Array.from({ length: 80_000 }, (_, i) => ({ BOOL: i % 3 === 0 })) } };
