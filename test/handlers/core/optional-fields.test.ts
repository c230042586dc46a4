import { expect } from "chai";
import fc from "fast-check";
import type { Change } from "../../../handlers/core/contract.ts";
import { decode } from "../../../handlers/core/decode.ts";
import { eventIdOf } from "../../../handlers/core/key-and-version.ts";
import { row } from "../../../handlers/kinds/redshift/row.ts";
import { replicaItem } from "../../../handlers/kinds/replica/item.ts";
import { message } from "../../../handlers/messages/message.ts";
import { image } from "../arbitraries.ts";
import { change, record, terse } from "../changes.ts";
import { event, failedFrom, type Loose, setUp } from "./set-up.ts";

/** The fields that a record may do without, and what becomes of a change whose record has none: nothing, for most. */
const optional: Readonly<Record<string, (one: Loose) => object>> = {
  eventID: ({ keyHash, version }) => ({ eventId: eventIdOf(keyHash, version) }),
  eventVersion: () => ({}),
  eventSource: () => ({}),
  awsRegion: () => ({}),
  eventSourceARN: () => ({}),
  userIdentity: () => ({ expired: false }),
  "dynamodb.ApproximateCreationDateTime": () => ({ time: undefined }),
  "dynamodb.SizeBytes": () => ({ bytes: 0 }),
  "dynamodb.StreamViewType": () => ({}),
};

const required = ["eventName", "dynamodb", "dynamodb.Keys", "dynamodb.SequenceNumber"];

type How = "missing" | "null";

/** The record of a change without some of its fields. */
function less(one: Change, fields: Readonly<Record<string, How>>): Loose {
  const whole: Loose = structuredClone(record(one));
  for (const [path, how] of Object.entries(fields)) {
    const [parent, name] = path.startsWith("dynamodb.") ? [whole.dynamodb, path.slice(9)] : [whole, path];
    if (how === "null") parent[name] = null;
    else delete parent[name];
  }
  return whole;
}

/** A property over changes of every operation, with any of their optional fields missing. */
function forAll(check: (less: Loose, expected: Change) => void): void {
  const one = fc
    .record({
      operation: fc.constantFrom("INSERT", "MODIFY", "REMOVE"),
      before: image,
      after: image,
      expired: fc.boolean(),
    })
    .map((wanted) => change({ ...wanted, expired: wanted.expired && wanted.operation === "REMOVE" } as object));
  const fields = fc.dictionary(fc.constantFrom(...Object.keys(optional)), fc.constantFrom<How[]>("missing", "null"));
  fc.assert(
    fc.property(one, fields, (whole, gone) => {
      const expected: Loose = { ...whole };
      for (const field of Object.keys(gone)) Object.assign(expected, optional[field]!(whole));
      if (expected.time === undefined) delete expected.time;
      check(less(whole, gone), expected);
    }),
    { numRuns: 500, seed: 4 },
  );
}

describe("fields that a record may leave out", () => {
  it("make no difference to what the change is, whichever of them are missing or null", () => {
    forAll((one, expected) => expect(decode(one, "Records[0]")).to.deep.equal(expected));
  });

  it("leave every form of the change whole", () => {
    const form = { images: "typed", mostBytes: Number.POSITIVE_INFINITY } as const;
    forAll((one, expected) => {
      const got = decode(one, "Records[0]");
      for (const text of [row(got, "typed", new Date(0)), message(got, form).body])
        expect(text).to.not.match(/undefined|Invalid|NaN/);
      expect(message(got, form)).to.deep.equal(message(expected, form));
      expect(replicaItem(got, 15, new Date(0))).to.deep.equal(replicaItem(expected, 15, new Date(0)));
    });
  });

  it("are all that it may leave out", () => {
    const whole = change();
    for (const field of required)
      for (const how of ["missing", "null"] as const)
        expect(() => decode(less(whole, { [field]: how }), "Records[0]"), `${field}, ${how}`).to.throw(
          `Records[0].${field} must be `,
        );
  });

  it("do not keep a whole batch of such records from being delivered", async () => {
    const changes = [change(), change({ operation: "INSERT" }), change({ operation: "REMOVE" })];
    const all = Object.fromEntries(Object.keys(optional).map((field) => [field, "missing" as const]));
    let got: readonly Change[] = [];
    const { invoke, lines } = setUp({
      one: async (delivered) => {
        got = delivered;
        return delivered.slice(2);
      },
    });
    const Records = changes.map((one) => less(one, all));
    expect(await invoke({ ...event([]), Records })).to.deep.equal(failedFrom(changes[2]));
    expect(got).to.deep.equal(changes.map(terse));
    expect(lines[0]).to.include({ records: 3, sourceBytes: 0 });
  });
});

describe("a record without its view type", () => {
  const viewless = (operation: "INSERT" | "MODIFY" | "REMOVE", ...images: ("OldImage" | "NewImage")[]) => {
    const whole = change({ operation: "MODIFY" });
    const one: Loose = less({ ...whole, operation }, { "dynamodb.StreamViewType": "missing" });
    for (const name of ["OldImage", "NewImage"] as const) if (!images.includes(name)) delete one.dynamodb[name];
    return () => Object.keys(decode(one, "Records[0]")).filter((name) => ["before", "after"].includes(name));
  };

  it("has the images that it has", () => {
    expect(viewless("MODIFY")()).to.deep.equal([]);
    expect(viewless("MODIFY", "OldImage")()).to.deep.equal(["before"]);
    expect(viewless("MODIFY", "NewImage")()).to.deep.equal(["after"]);
    expect(viewless("MODIFY", "OldImage", "NewImage")()).to.deep.equal(["before", "after"]);
    expect(viewless("INSERT")()).to.deep.equal([]);
    expect(viewless("REMOVE")()).to.deep.equal([]);
  });

  it("has no image that its operation cannot have", () => {
    expect(viewless("INSERT", "OldImage")).to.throw(/^Records\[0\]\.dynamodb\.OldImage has no place in an INSERT$/);
    expect(viewless("REMOVE", "NewImage")).to.throw(/^Records\[0\]\.dynamodb\.NewImage has no place in a REMOVE$/);
  });
});

describe("the event id of a change whose record has none", () => {
  it("is of DynamoDB's form, the same each time, and another for each change", () => {
    const [one, other] = [change({ id: "a" }), change({ id: "b" })];
    const id = eventIdOf(one.keyHash, one.version);
    expect(id).to.match(/^[0-9a-f]{32}$/);
    expect(eventIdOf(one.keyHash, `0${one.version}`)).to.equal(id);
    const ids = [id, eventIdOf(one.keyHash, other.version), eventIdOf(other.keyHash, one.version)];
    expect(new Set(ids).size).to.equal(3);
  });
});
