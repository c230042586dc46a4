import {
  type Attributes,
  attribute,
  type Field,
  type Fields,
  type KeyType,
  keyAttribute,
  leafOf,
  type Shape,
} from "./attributes.ts";
import { constants, type Domain, texts, wholeNumbers } from "./values.ts";

/** What is known of the stream whose records a pattern is held against. */
export interface StreamFacts {
  /** What its records carry besides the key. @default not known */
  readonly view?: View;
  /** The table's key: its hash key and perhaps its range key. @default not known */
  readonly keys?: readonly KeyAttribute[];
  /** Whether items of the table can expire. @default true */
  readonly expires?: boolean;
}

/** A key attribute, and its type if that is known. */
export interface KeyAttribute {
  readonly name: string;
  readonly type?: KeyType;
}

const views = ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"] as const;
type View = (typeof views)[number];

/** The changes that a stream tells of; the last is a delete by time to live. */
export const changes = ["INSERT", "MODIFY", "REMOVE", "expiry"] as const;
export type ChangeName = (typeof changes)[number];

/** One form of a stream's records: which change it tells of, and with which images. */
export interface RecordForm {
  readonly change: ChangeName;
  readonly view: View;
}

/** The kinds of record that the stream can have. */
export function formsOf({ view, expires = true }: StreamFacts): readonly RecordForm[] {
  const possible = view === undefined ? views.toReversed() : [view];
  return possible.flatMap((view) =>
    changes.filter((change) => expires || change !== "expiry").map((change) => ({ change, view })),
  );
}

/** The parts of a record that a pattern may have: `dynamodb` by the documentation, the other two as observed on AWS and in its TTL guide. */
export const filterable: readonly string[] = ["dynamodb", "eventName", "userIdentity"];

// From 2014 on, when DynamoDB Streams came. AWS's page on filtering shows the time as text, but the recordings of a numeric
// filter, and of the event, have a number of whole seconds.
const seconds = wholeNumbers(1_400_000_000, "seconds since 1970, a number such as 1700000000");
const bytes = wholeNumbers(1, "a number of bytes");
const sequenceNumber: Domain = texts({
  expected: "21 to 40 digits as text",
  isOne: (text) => /^\d{21,40}$/.test(text),
  fillers: () => Array.from({ length: 41 }, (_, length) => "1".repeat(length)),
});

/**
 * What the records of a stream look like, as far as patterns may ask; of one form, or of any. Sources:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html and, for `userIdentity`,
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html
 */
export function recordShape(facts: StreamFacts, form?: RecordForm): Fields {
  const names = changes.filter((change) => change !== "expiry");
  const keys = Object.fromEntries((facts.keys ?? []).map(({ name, type }) => [name, keyAttribute(type)]));
  const key: Attributes = {
    is: "attributes",
    keys,
    ...(facts.keys === undefined ? { others: keyAttribute(undefined) } : {}),
  };
  const image: Attributes = { is: "attributes", keys, others: attribute };
  const given = form === undefined ? names : [eventName(form)];
  const view = form?.view ?? facts.view;
  return fields({
    eventName: always(leafOf(constants(given))),
    userIdentity: { shape: identity, ...presenceOfIdentity(facts, form) },
    dynamodb: always(
      fields({
        Keys: always(key),
        NewImage: { shape: image, ...presenceOfImage("NewImage", view, form) },
        OldImage: { shape: image, ...presenceOfImage("OldImage", view, form) },
        ApproximateCreationDateTime: always(leafOf(seconds)),
        SequenceNumber: always(leafOf(sequenceNumber)),
        SizeBytes: always(leafOf(bytes)),
        StreamViewType: always(leafOf(constants(view === undefined ? views : [view]))),
      }),
    ),
  });
}

/** What a record of this form calls its change. */
function eventName({ change }: RecordForm): "INSERT" | "MODIFY" | "REMOVE" {
  return change === "expiry" ? "REMOVE" : change;
}

function fields(all: Readonly<Record<string, Field>>): Fields {
  return { is: "fields", fields: all };
}

function always(shape: Shape): Field {
  return { shape, there: "always", why: "" };
}

const identity = fields({
  type: always(leafOf(constants(["Service"]))),
  principalId: always(leafOf(constants(["dynamodb.amazonaws.com"]))),
});

function presenceOfIdentity(
  { expires = true }: StreamFacts,
  form: RecordForm | undefined,
): Pick<Field, "there" | "why"> {
  if (form === undefined) return { there: "perhaps", why: "" };
  if (form.change === "expiry") return { there: "always", why: "" };
  const why = "only a REMOVE by time to live has `userIdentity`";
  return { there: "never", why: expires ? why : `${why}, and without \`source.ttlAttribute\` there is none` };
}

const images = {
  NewImage: { views: ["NEW_IMAGE", "NEW_AND_OLD_IMAGES"], never: "REMOVE", without: "a REMOVE has no `NewImage`" },
  OldImage: { views: ["OLD_IMAGE", "NEW_AND_OLD_IMAGES"], never: "INSERT", without: "an INSERT has no `OldImage`" },
};

function presenceOfImage(
  name: keyof typeof images,
  view: View | undefined,
  form: RecordForm | undefined,
): Pick<Field, "there" | "why"> {
  const image = images[name];
  if (view !== undefined && !image.views.includes(view))
    return { there: "never", why: `the stream view type ${view} has no \`${name}\`` };
  if (form === undefined) return { there: "perhaps", why: "" };
  return { there: eventName(form) === image.never ? "never" : "always", why: image.without };
}
