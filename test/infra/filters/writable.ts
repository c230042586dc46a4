import type { JsonObject, Stream } from "./records.ts";

const forms: Readonly<Record<string, (value: unknown) => boolean>> = {
  S: (value) => typeof value === "string",
  // Digits in full, and only those that mean something.
  N: (value) => typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) && !/^-?0\d|^-0$|\.\d*0$/.test(value),
  B: (value) => typeof value === "string" && btoa(atob(value)) === value,
  BOOL: (value) => typeof value === "boolean",
  NULL: (value) => value === true,
  SS: (value) => isSetOf("S", value),
  NS: (value) => isSetOf("N", value),
  BS: (value) => isSetOf("B", value),
  L: (value) => Array.isArray(value) && value.every(isAttribute),
  M: (value) => isItem(value),
};

function isSetOf(letter: string, value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    new Set(value).size === value.length &&
    value.every((one) => forms[letter]!(one))
  );
}

function isAttribute(value: unknown): boolean {
  const entries = Object.entries(value as object);
  return entries.length === 1 && (forms[entries[0]![0]]?.(entries[0]![1]) ?? false);
}

function isItem(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && Object.values(value).every(isAttribute);
}

/** Whether a stream can have a record, as far as patterns can ask. */
export function isWritable(record: JsonObject, { view, keys, expires }: Stream): boolean {
  const { eventName, userIdentity, dynamodb, ...rest } = record as Record<string, JsonObject> & { eventName: unknown };
  const { Keys, NewImage, OldImage, ...data } = dynamodb as Record<string, JsonObject>;
  const holds = (image: JsonObject | undefined, isThere: boolean) =>
    (image !== undefined) === isThere &&
    (image === undefined || (isItem(image) && keys.every(({ name }) => same(image[name], Keys![name]))));
  const [isNew, isOld] = [
    view === "NEW_AND_OLD_IMAGES" || view === "NEW_IMAGE",
    view === "NEW_AND_OLD_IMAGES" || view === "OLD_IMAGE",
  ];
  return (
    Object.keys(rest).length === 0 &&
    ["INSERT", "MODIFY", "REMOVE"].includes(String(eventName)) &&
    (userIdentity === undefined ||
      (eventName === "REMOVE" &&
        expires &&
        same(userIdentity, { type: "Service", principalId: "dynamodb.amazonaws.com" }))) &&
    same(Object.keys(Keys!).toSorted(), keys.map(({ name }) => name).toSorted()) &&
    keys.every(
      ({ name, type }) =>
        forms[type!]!((Keys![name] as JsonObject)[type!]) && (Keys![name] as JsonObject)[type!] !== "",
    ) &&
    holds(NewImage, isNew && eventName !== "REMOVE") &&
    holds(OldImage, isOld && eventName !== "INSERT") &&
    data.StreamViewType === (view as unknown) &&
    Number.isInteger(data.SizeBytes) &&
    Number.isInteger(data.ApproximateCreationDateTime) &&
    /^\d{21,40}$/.test(String(data.SequenceNumber)) &&
    Object.keys(data).length === 4
  );
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
