import fc from "fast-check";
import type { StreamFacts } from "../../../infra/filters/record.ts";

/** A stream of a table, as far as filters go. */
export type Stream = Required<StreamFacts>;

type Json = null | string | number | boolean | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

const views = ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"] as const;
const keyTypes = ["S", "N", "B"] as const;

export const stream: fc.Arbitrary<Stream> = fc.record({
  view: fc.constantFrom(...views),
  keys: fc
    .tuple(fc.constantFrom(...keyTypes), fc.option(fc.constantFrom(...keyTypes), { nil: undefined }))
    .map(([hash, range]) => [
      { name: "id", type: hash },
      ...(range === undefined ? [] : [{ name: "at", type: range }]),
    ]),
  expires: fc.boolean(),
});

const text = fc.constantFrom("a", "A", "ab", "aB", "ba", "b", "é", "42");
const number = fc.constantFrom("0", "1", "-1", "42", "4.2", "0.5", "420", "-0.01");
const base64 = fc.constantFrom("AA==", "AAE=", "AAEC", "/w==");
const scalars = { S: text, N: number, B: base64 };
const names = fc.constantFrom("status", "id", "at", "x", "__proto__");

const { attribute } = fc.letrec<{ attribute: JsonObject; attributes: JsonObject }>((tie) => ({
  attribute: fc.oneof(
    { maxDepth: 2 },
    typed("S", fc.oneof(text, fc.constant(""))),
    typed("N", number),
    typed("B", fc.oneof(base64, fc.constant(""))),
    typed("BOOL", fc.boolean()),
    typed("NULL", fc.constant(true)),
    typed("SS", fc.uniqueArray(text, { minLength: 1, maxLength: 3 })),
    typed("NS", fc.uniqueArray(number, { minLength: 1, maxLength: 3 })),
    typed("BS", fc.uniqueArray(base64, { minLength: 1, maxLength: 3 })),
    typed("L", fc.array(tie("attribute"), { maxLength: 3 })),
    typed("M", tie("attributes")),
  ),
  attributes: fc.dictionary(names, tie("attribute"), { maxKeys: 3, noNullPrototype: true }),
}));

function typed(letter: string, value: fc.Arbitrary<Json>): fc.Arbitrary<JsonObject> {
  return value.map((inner) => ({ [letter]: inner }));
}

const image = fc.dictionary(names, attribute, { maxKeys: 4, noNullPrototype: true });

/** The key of an item in a stream's table. */
function key({ keys }: Stream): fc.Arbitrary<JsonObject> {
  return fc.record(Object.fromEntries(keys.map(({ name, type }) => [name, typed(type!, scalars[type!])])));
}

/** A record that the stream can have, as a function sees it; of that key if one is given. */
export function record(of: Stream, keys: fc.Arbitrary<JsonObject> = key(of)): fc.Arbitrary<JsonObject> {
  const change = fc.constantFrom("INSERT", "MODIFY", "REMOVE", ...(of.expires ? ["expiry"] : []));
  return fc
    .tuple(
      change,
      keys,
      image,
      image,
      fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }),
      fc.integer({ min: 1, max: 400_000 }),
    )
    .map(([name, Keys, before, after, ApproximateCreationDateTime, SizeBytes]) => ({
      eventID: "ab0ed3713569f4655f353e5ef61a88c4",
      eventName: name === "expiry" ? "REMOVE" : name,
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: "eu-west-1",
      ...(name === "expiry" && { userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" } }),
      dynamodb: {
        ApproximateCreationDateTime,
        Keys,
        ...(has(of, "NEW") && ["INSERT", "MODIFY"].includes(name) && { NewImage: { ...after, ...Keys } }),
        ...(has(of, "OLD") && name !== "INSERT" && { OldImage: { ...before, ...Keys } }),
        SequenceNumber: "800000000003126276362",
        SizeBytes,
        StreamViewType: of.view,
      },
    }));
}

function has({ view }: Stream, which: "NEW" | "OLD"): boolean {
  return view === "NEW_AND_OLD_IMAGES" || view === `${which}_IMAGE`;
}
