import { expect } from "chai";
import { graph } from "../../support/graph.ts";
import { refusal } from "../../support/refusal.ts";

const source = { hashKey: { name: "id", type: "S" } };
const shared = (a: object, b: object, timeout?: number) => ({
  source,
  destinations: {
    a: { kind: "replica", consumer: "both", mapping: a },
    b: { kind: "replica", consumer: "both", mapping: b, ...(timeout === undefined ? {} : { function: { timeout } }) },
  },
});
const line = (attempts: string, age: string, most: number, timeout = 900) =>
  `destinations.b.mapping: maximumRetryAttempts (${attempts} of destinations.a, which shares the consumer "both") and maximumRecordAgeInSeconds (${age}) both outlast the day for which the stream keeps a record: one that always fails would hold its shard until then and be lost; expected an age of at most 86399, or at most ${most} retries, each of which may take function.timeout (${timeout} seconds) and a pause`;

describe("a mapping without limit", () => {
  it("is refused where the destinations of a consumer ask for it together", async () => {
    expect(await refusal(shared({ maximumRetryAttempts: -1 }, { maximumRecordAgeInSeconds: -1 }))).to.deep.equal([
      line("-1, no limit", "-1, no limit", 88),
    ]);
  });

  it("is refused where one destination asks for it", async () => {
    const mapping = { maximumRetryAttempts: -1, maximumRecordAgeInSeconds: -1 };
    expect(await refusal({ source, destinations: { a: { kind: "sqs", mapping } } })).to.deep.equal([
      "destinations.a.mapping: maximumRetryAttempts (-1, no limit) and maximumRecordAgeInSeconds (-1, no limit) both outlast the day for which the stream keeps a record: one that always fails would hold its shard until then and be lost; expected an age of at most 86399, or at most 88 retries, each of which may take function.timeout (900 seconds) and a pause",
    ]);
  });

  // The stream keeps a record for 86,400 seconds, and an attempt takes up to its time-out and a minute.
  for (const [attempts, age, timeout, refused] of [
    [10_000, 604_800, 900, 88],
    [10_000, 86_400, 1, 1415],
    [89, 86_400, 900, 88],
    [88, 86_400, 900, undefined],
    [88, -1, 900, undefined],
    [1416, -1, 1, 1415],
    [1415, -1, 1, undefined],
    [-1, 86_399, 900, undefined],
    [10_000, 60, 900, undefined],
  ] as const)
    it(`is${refused === undefined ? " not" : ""} one of ${attempts} retries, ${age} seconds of age and a time-out of ${timeout}`, async () => {
      const config = shared({ maximumRetryAttempts: attempts }, { maximumRecordAgeInSeconds: age }, timeout);
      if (refused !== undefined) {
        const lines = [line(String(attempts), age === -1 ? "-1, no limit" : String(age), refused, timeout)];
        expect(await refusal(config)).to.deep.equal(lines);
        return;
      }
      const mapping = (await graph({ config })).named("fanout-both-mapping").inputs;
      expect([mapping.maximumRetryAttempts, mapping.maximumRecordAgeInSeconds]).to.deep.equal([attempts, age]);
    });

  it("is not what a contradiction is called, nor a value that is no number", async () => {
    const twice = shared({ maximumRetryAttempts: -1 }, { maximumRetryAttempts: 5, maximumRecordAgeInSeconds: -1 });
    expect(await refusal(twice)).to.deep.equal([
      'destinations.b.mapping.maximumRetryAttempts: 5 contradicts -1 of destinations.a, which shares the consumer "both"; expected one value, said once',
    ]);
    expect(await refusal(shared({ maximumRetryAttempts: -1 }, { maximumRecordAgeInSeconds: "never" }))).to.deep.equal([
      'destinations.b.mapping.maximumRecordAgeInSeconds: "never" is not allowed; expected a whole number from 60 to 604800, or -1 for no limit',
    ]);
  });
});
