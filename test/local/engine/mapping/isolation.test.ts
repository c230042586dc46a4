import type { DynamoDBStreamEvent } from "aws-lambda";
import { expect } from "chai";
import fc from "fast-check";
import { type Invocation, InvocationRefused } from "../../../../local/engine/invocation.ts";
import { deliverBatch } from "../../../../local/engine/mapping/deliver.ts";
import { mappingSettings } from "../../../../local/engine/mapping/settings.ts";
import { newStats } from "../../../../local/engine/mapping/stats.ts";
import { TestClock } from "./support/clock.ts";
import { queued } from "./support/records.ts";

/** How a function tells of records that it cannot take. */
const styles = {
  /** It throws. */
  throws: () => "throw",
  /** It reports the first of them. */
  reports: () => "report",
  /** It reports the first of them, and throws where that is the first of several: so do this project's functions. */
  both: (first: number, size: number) => (first === 0 && size > 1 ? "throw" : "report"),
} satisfies Record<string, (first: number, size: number) => "throw" | "report">;

const scenario = fc.integer({ min: 1, max: 1000 }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    poison: fc.uniqueArray(fc.integer({ min: 1, max: size }), { minLength: 0, maxLength: 5 }),
    style: fc.constantFrom(...(Object.keys(styles) as (keyof typeof styles)[])),
    bisect: fc.boolean(),
    retries: fc.integer({ min: 0, max: 5 }),
    /** Before which calls the function is not reached. */
    refusals: fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 10 }),
  }),
);

describe("a batch with poison in it", () => {
  it("costs what its isolation must cost, loses no neighbour that could be spared, and settles everything once and in order", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ size, poison, style, bisect, retries, refusals }) => {
        const bad = new Set(poison);
        const calls: number[][] = [];
        const accepted: number[] = [];
        const givenUp: number[] = [];
        const settled: number[] = [];
        let attempts = 0;

        const numbers = (event: DynamoDBStreamEvent) =>
          event.Records.map(({ dynamodb }) => Number(dynamodb!.SequenceNumber));
        const invoke = async (event: DynamoDBStreamEvent): Promise<Invocation> => {
          if (refusals.includes(attempts++)) throw new InvocationRefused("Rate Exceeded.");
          const batch = numbers(event);
          calls.push(batch);
          const first = batch.findIndex((number) => bad.has(number));
          if (first === -1) accepted.push(...batch);
          else if (styles[style](first, batch.length) === "throw") {
            return { payload: { errorMessage: "poison" }, functionError: "Unhandled", requestId: "r" };
          } else accepted.push(...batch.slice(0, first));
          const failures = first === -1 ? [] : [{ itemIdentifier: event.Records[first]!.dynamodb!.SequenceNumber }];
          return { payload: { batchItemFailures: failures }, functionError: null, requestId: "r" };
        };
        await deliverBatch(queued(size, 0), {
          settings: mappingSettings({
            startingPosition: "TRIM_HORIZON",
            bisectBatchOnFunctionError: bisect,
            maximumRetryAttempts: retries,
            functionResponseTypes: ["ReportBatchItemFailures"],
          }),
          clock: new TestClock(0),
          signal: new AbortController().signal,
          stats: newStats(),
          invoke,
          answered: () => {},
          giveUp: async ({ records }) => void givenUp.push(...records.map((record) => Number(record.sequenceNumber))),
          settled: (records) => settled.push(...records.map((record) => Number(record.sequenceNumber))),
          backoff: () => 1,
        });

        const all = Array.from({ length: size }, (_, index) => index + 1);
        const sorted = poison.toSorted((a, b) => a - b);
        const from = (number: number) => all.slice(number - 1);
        const isolates = bisect && style !== "reports";
        const lost = isolates ? sorted : sorted.length === 0 ? [] : style === "throws" ? all : from(sorted[0]!);
        expect(settled).to.deep.equal(all);
        expect(givenUp).to.deep.equal(lost);
        expect(accepted).to.deep.equal(all.filter((number) => !lost.includes(number)));

        const last = lost.at(-1);
        if (last === undefined) expect(calls).to.deep.equal([all]);
        else if (isolates) {
          for (const number of sorted) {
            const alone = calls.filter((call) => call.length === 1 && call[0] === number);
            expect(alone).to.have.length(1 + retries);
          }
          const beyondRetries = calls.length - sorted.length * retries;
          const levels = Math.ceil(Math.log2(size));
          const reports = style === "both" ? sorted.length : 0;
          expect(beyondRetries).to.be.at.most(1 + reports + 2 * levels * sorted.length);
        } else {
          const cuts = style !== "throws" && sorted[0]! > 1 ? 1 : 0;
          expect(calls).to.have.length(cuts + 1 + retries);
        }
      }),
      { numRuns: 300 },
    );
  });
});
