import { expect } from "chai";
import fc from "fast-check";
import type { Change } from "../../../handlers/core/contract.ts";
import { decodeImage, imageJson } from "../../../handlers/core/image-json.ts";
import { eventIdOf, keyHash } from "../../../handlers/core/key-and-version.ts";
import { firstVersion, readBatch } from "../../../handlers/core/read-batch.ts";
import { change, everything, record } from "../changes.ts";
import { event, failedFrom, type Loose, setUp } from "./set-up.ts";

describe("records that cannot be understood", () => {
  it("delivers what comes before a record that it cannot understand, and names that one", async () => {
    const changes = [change(), change(), change()];
    const spoilt: Loose = event(changes);
    spoilt.Records[1].dynamodb.NewImage.n = { N: "secret" };
    let got: readonly Change[] = [];
    const { invoke, lines } = setUp({
      one: async (all) => {
        got = all;
        return [];
      },
    });
    expect(await invoke(spoilt)).to.deep.equal(failedFrom(changes[1]));
    expect(got).to.deep.equal([changes[0]]);
    expect(lines[0]).to.include({ level: "WARN", records: 3, lastSequenceNumber: changes[1]!.version });
    expect(lines[0]).to.include({ firstSequenceNumber: changes[0]!.version });
    expect(lines[0].undecodable).to.deep.equal({
      sequenceNumber: changes[1]!.version,
      reason: "Malformed: Records[1].dynamodb.NewImage.n.N must be a number, as a decimal string",
    });
    expect(JSON.stringify(lines)).to.not.contain("secret");
  });

  it("names an earlier failure rather than the record that it cannot understand", async () => {
    const changes = [change(), change(), change()];
    const spoilt: Loose = event(changes);
    spoilt.Records[2].eventName = "UPSERT";
    const { invoke } = setUp({ one: async (all) => [all[1]!] });
    expect(await invoke(spoilt)).to.deep.equal(failedFrom(changes[1]));
  });

  it("names the very first record when that is the one", async () => {
    const changes = [change(), change()];
    const spoilt: Loose = event(changes);
    spoilt.Records[0].eventName = "UPSERT";
    const batch = readBatch(spoilt);
    expect(batch).to.deep.equal({
      records: 2,
      changes: [],
      poison: [
        {
          version: changes[0]!.version,
          problem: "Malformed: Records[0].eventName must be one of INSERT, MODIFY, REMOVE",
        },
      ],
    });
    expect(firstVersion(batch)).to.equal(changes[0]!.version);
    expect(firstVersion(readBatch({ Records: [] }))).to.equal(undefined);
  });

  it("says what is no event of a stream", () => {
    expect(() => readBatch("none")).to.throw(/^The event must be an object$/);
    expect(() => readBatch({})).to.throw(/^The event has no array `Records`: /);
  });

  it("fails as a whole when a record can be neither understood nor named", async () => {
    const spoilt: Loose = event([change(), change()]);
    spoilt.Records[1].dynamodb.SequenceNumber = "";
    let called = false;
    const { invoke, lines } = setUp({
      one: async () => {
        called = true;
        return [];
      },
    });
    const error = await invoke(spoilt).catch((reason) => reason);
    expect(error.message).to.equal("Records[1].dynamodb.SequenceNumber must be a decimal string of up to 40 digits");
    expect(called).to.equal(false);
    expect(lines[0]).to.include({ level: "ERROR", functionName: "films-consumer", requestId: "request-1" });
  });

  it("never loses a record of an event that is spoilt in any way", async () => {
    const junk = fc.oneof(
      fc.jsonValue(),
      fc.constant(undefined),
      fc.constantFrom("REMOVE", "S", "1", 0, -1, {}, [], { S: "a" }),
    );
    const template = event([
      change({ after: everything }),
      change({ operation: "REMOVE" }),
      change({ operation: "INSERT" }),
    ]);
    const paths = [...pathsOf(template.Records)];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...paths), junk), { minLength: 1, maxLength: 3 }),
        async (spoils) => {
          const Records = structuredClone(template.Records) as Loose;
          for (const [path, value] of spoils) spoil(Records, path, value);
          let got: readonly Change[] = [];
          const { invoke } = setUp({
            one: async (all) => {
              got = all;
              return [];
            },
          });
          const answer = await invoke({ Records }).catch(() => undefined);
          if (answer === undefined) return; // the invocation failed: Lambda keeps the whole batch
          for (const [i, one] of got.entries()) expect(essence(record(one))).to.deep.equal(essence(Records[i]));
          const next = Records[got.length]?.dynamodb.SequenceNumber;
          expect(answer.batchItemFailures).to.deep.equal(next === undefined ? [] : [{ itemIdentifier: next }]);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("reads the images of a change exactly as they were written", async () => {
    const one = change({ after: everything });
    const { invoke } = setUp({
      one: async ([got]) => {
        expect(imageJson(got!.after!, "typed")).to.deep.equal(record(one).dynamodb.NewImage);
        return [];
      },
    });
    expect(await invoke(event([one]))).to.deep.equal({ batchItemFailures: [] });
  });
});

type Path = readonly (string | number)[];

function* pathsOf(value: unknown, path: Path = []): Generator<Path> {
  if (path.length > 0) yield path;
  if (typeof value !== "object" || value === null) return;
  for (const [name, inner] of Object.entries(value)) yield* pathsOf(inner, [...path, name]);
}

function spoil(root: Loose, path: Path, value: unknown): void {
  const parent = path.slice(0, -1).reduce((inner, name) => inner?.[name], root);
  if (typeof parent === "object" && parent !== null) parent[path.at(-1)!] = value;
}

/** What of a record must not get lost. */
function essence({ eventID, eventName, userIdentity, dynamodb }: Loose) {
  const { Keys, OldImage = null, NewImage = null, SequenceNumber } = dynamodb;
  const ownId = eventID ?? eventIdOf(keyHash(decodeImage(Keys, "Keys")), SequenceNumber);
  const expired = userIdentity?.type === "Service" && userIdentity.principalId === "dynamodb.amazonaws.com";
  const facts = { eventID: ownId, eventName, expired: eventName === "REMOVE" && expired };
  return { ...facts, Keys, OldImage, NewImage, SequenceNumber };
}
