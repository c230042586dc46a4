import { expect } from "chai";
import fc from "fast-check";
import { matchEverything } from "../../../infra/filters/always.ts";
import { droppedDeletes } from "../../../infra/filters/deletes.ts";
import { demandsOf } from "../../../infra/filters/demands.ts";
import { compilePattern } from "../../../infra/filters/pattern.ts";
import { formsOf } from "../../../infra/filters/record.ts";
import { whyNoneMatches, witnessOf } from "../../../infra/filters/witness.ts";
import { unfitFilters } from "../../../infra/settings/unfit-filters.ts";
import { patternAcross, patternFor } from "./patterns.ts";
import { type JsonObject, record, type Stream, stream } from "./records.ts";
import { isWritable } from "./writable.ts";

type Pattern = Record<string, unknown>;

const options = { seed: 14, numRuns: 500 };
const matches = (pattern: Pattern, one: JsonObject) => compilePattern(JSON.stringify(pattern))(one);

/** A stream, two of its records, and a pattern that speaks of both. */
const drawn = stream.chain((of) =>
  fc
    .tuple(record(of), record(of))
    .chain(([first, second]) => fc.tuple(fc.constant(of), fc.constant([first, second]), patternAcross(first, second))),
);

describe("what the settings say of filter patterns", function () {
  this.timeout(30_000);

  it("a pattern that matches a record is not called unmatchable", () => {
    const own = stream.chain((of) =>
      record(of).chain((one) => fc.tuple(fc.constant(of), fc.constant(one), patternFor(one))),
    );
    fc.assert(
      fc.property(own, ([of, one, pattern]) => {
        expect(matches(pattern, one)).to.equal(true);
        expect(whyNoneMatches(pattern, of)).to.equal(undefined);
        expect(whyNoneMatches(pattern, {})).to.equal(undefined);
        expect(neverMatching([pattern], of)).to.deep.equal([]);
      }),
      options,
    );
  });

  it("one that is called unmatchable matches no record", () => {
    let unmatchable = 0; // otherwise this would say nothing
    fc.assert(
      fc.property(drawn, ([of, records, pattern]) => {
        if (whyNoneMatches(pattern, of) === undefined) return;
        unmatchable += 1;
        for (const one of records) expect(matches(pattern, one)).to.equal(false);
      }),
      { ...options, numRuns: 1500 },
    );
    expect(unmatchable).to.be.within(50, 1450);
  });

  it("one that is accepted matches a record that DynamoDB can write", () => {
    let accepted = 0;
    fc.assert(
      fc.property(drawn, ([of, , pattern]) => {
        if (unfitFilters([JSON.stringify(pattern)], "filters", of).problems.length > 0) return;
        accepted += 1;
        const found = witnesses(pattern, of).filter((one) => matches(pattern, one));
        expect(found).to.not.deep.equal([]);
        for (const one of found) expect(isWritable(one, of), JSON.stringify(one)).to.equal(true);
      }),
      options,
    );
    expect(accepted).to.be.within(50, 450);
  });

  it("an alternative that is called idle is not why a record matches", () => {
    let idle = 0;
    fc.assert(
      fc.property(drawn, ([of, records, pattern]) => {
        if (whyNoneMatches(pattern, of) !== undefined || !Array.isArray(pattern.$or)) return;
        const { problems } = unfitFilters([JSON.stringify(pattern)], "filters", of);
        for (const [index, alternative] of pattern.$or.entries()) {
          if (!problems.some(({ path }) => path === `filters[0].$or[${index}]`)) continue;
          idle += 1;
          const alone = { ...pattern, $or: [alternative, alternative] };
          for (const one of records) expect(matches(alone, one)).to.equal(false);
        }
      }),
      { ...options, numRuns: 1500 },
    );
    expect(idle).to.be.greaterThan(30);
  });

  it("those that are said to match everything do", () => {
    let everything = 0;
    const wide = fc.oneof(
      drawn,
      drawn.map(([of, records]) => [of, records, wideFor(of)] as [Stream, readonly [JsonObject, JsonObject], Pattern]),
    );
    fc.assert(
      fc.property(wide, ([of, records, pattern]) => {
        if (!matchEverything([pattern], of)) return;
        everything += 1;
        for (const one of records) expect(matches(pattern, one)).to.equal(true);
      }),
      options,
    );
    expect(everything).to.be.within(50, 450);
  });

  it("deletes are dropped as they are said to be", () => {
    const said = { all: 0, some: 0, none: 0 };
    const cases = drawn.chain(([of, [first], pattern]) => {
      const { Keys } = first!.dynamodb as { Keys: JsonObject };
      const sameKey = record(of, fc.constant(Keys));
      return fc.tuple(
        fc.constant(of),
        sameKey,
        sameKey,
        fc.constantFrom([pattern], [pattern, { eventName: ["REMOVE"] }]),
      );
    });
    fc.assert(
      fc.property(cases, ([of, one, other, patterns]) => {
        const dropped = droppedDeletes(patterns, of);
        said[dropped] += 1;
        const passes = (what: JsonObject) => patterns.some((pattern) => matches(pattern, what));
        const pairs = [
          [one, other],
          [other, one],
        ].filter(([put, gone]) => put!.eventName !== "REMOVE" && gone!.eventName === "REMOVE");
        for (const [put, gone] of pairs)
          if (passes(put!) && dropped !== "some") expect(passes(gone!)).to.equal(dropped === "none");
      }),
      options,
    );
    for (const times of Object.values(said)) expect(times).to.be.greaterThan(20);
  });
});

function neverMatching(patterns: readonly Pattern[], of: Stream): readonly string[] {
  const texts = patterns.map((pattern) => JSON.stringify(pattern));
  return unfitFilters(texts, "filters", of).problems.flatMap(({ message }) =>
    message.includes("never match") ? [message] : [],
  );
}

function witnesses(pattern: Pattern, of: Stream): JsonObject[] {
  return formsOf(of).flatMap((form) =>
    demandsOf(pattern).flatMap((demand) => {
      const found = witnessOf(demand, form, of);
      return "record" in found ? [found.record as JsonObject] : [];
    }),
  );
}

function wideFor({ view }: Stream): Pattern {
  const either = { $or: [{ eventName: ["INSERT", "REMOVE"] }, { eventName: ["MODIFY"] }] };
  const dynamodb = {
    StreamViewType: [view],
    SizeBytes: [{ numeric: [">", 0] }],
    OldImage: { absent: { S: [{ exists: false }, { prefix: "" }] } },
  };
  return { ...either, dynamodb };
}
