import { expect } from "chai";
import { consumer } from "../../../handlers/core/consumer.ts";
import type { Change, Deliver } from "../../../handlers/core/contract.ts";
import type { SourceFacts } from "../../../handlers/core/global-table.ts";
import { seededRandom } from "../../../local/engine/seeded-random.ts";
import { record } from "../changes.ts";
import { VirtualClock } from "../virtual-clock.ts";

// biome-ignore lint/suspicious/noExplicitAny: log lines and spoilt records have no type
export type Loose = any;

/** A destination that takes everything. */
export const fine: Deliver = async () => [];

/**
 * A function that feeds the given destinations and knows so much of its source, on a clock that stands still but for those
 * who sleep, and what it has logged.
 */
export function setUp(destinations: Record<string, Deliver>, source: SourceFacts = {}) {
  const lines: Loose[] = [];
  const clock = new VirtualClock(0);
  const kinds = Object.fromEntries(Object.entries(destinations).map(([name, deliver]) => [name, () => deliver]));
  const coded = Object.fromEntries(Object.keys(kinds).map((kind) => [`my-${kind}`, { kind, settings: {} }]));
  const write = (line: string) => void lines.push(JSON.parse(line));
  const handler = consumer(kinds, coded, source, { environment: {}, write, clock, random: seededRandom(1) });
  return {
    lines,
    clock,
    /** @param ms how long the function may run */
    invoke: (event: unknown, ms = 30_000) => {
      const end = clock.now() + ms;
      return handler(event, {
        functionName: "films-consumer",
        awsRequestId: "request-1",
        getRemainingTimeInMillis: () => end - clock.now(),
      });
    },
  };
}

/** The event of a mapping. */
export const event = (changes: readonly Change[]) => ({ Records: changes.map(record) });

/** The answer that names the change. */
export const failedFrom = (one: Change | undefined) => ({
  batchItemFailures: one === undefined ? [] : [{ itemIdentifier: one.version }],
});

/** The invocation fails with its first record, so that Lambda bisects the batch. */
export async function expectHeadFailed(invocation: Promise<unknown>, { version }: Change, records: number) {
  const error: Error = await invocation.then(
    () => expect.fail("the invocation did not fail"),
    (reason) => reason,
  );
  expect(error).to.be.an("error").with.property("name", "HeadOfBatchFailed");
  expect(error.message).to.equal(
    `Record ${version}, the first of ${records}, failed. The invocation fails with it, so that Lambda bisects the batch.`,
  );
}
