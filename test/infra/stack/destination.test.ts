import { expect } from "chai";
import { kinds } from "../../../infra/kinds.ts";
import { graph } from "../../support/graph.ts";
import { refusal } from "../../support/refusal.ts";

const source = { hashKey: { name: "id", type: "S" } };
const events = { kind: "sqs" };
/** The refusal of one destination `a`, beside nothing else that is wrong. */
const refusalOf = (destination: unknown) => refusal({ source, destinations: { a: destination } });

describe("the configuration of a destination", () => {
  for (const name of ["Events", "9lives", "two words", "a".repeat(31)])
    it(`takes no destination called ${name}`, async () => {
      expect(await refusal({ source, destinations: { [name]: events } })).to.deep.equal([
        `destinations.${name}: "${name}" is not allowed as a name; expected 1 to 30 lower-case letters, digits and \`-\`, beginning with a letter`,
      ]);
    });

  it("says which kinds there are", async () => {
    const known = `expected one of ${Object.keys(kinds).join(", ")}`;
    expect(await refusalOf({})).to.deep.equal([`destinations.a.kind: is missing; ${known}`]);
    expect(await refusalOf({ kind: 5 })).to.deep.equal([`destinations.a.kind: 5 is not a kind; ${known}`]);
    expect(await refusalOf({ kind: "toString" })).to.deep.equal([
      `destinations.a.kind: "toString" is not a kind; ${known}`,
    ]);
    expect(await refusalOf("sqs")).to.deep.equal([
      'destinations.a: "sqs" is not allowed; expected settings (kind, consumer, filters, mapping, function and the kind\'s own)',
    ]);
  });

  it("knows every key of a destination, and where a misplaced one belongs", async () => {
    expect(await refusalOf({ kind: "sqs", fifoo: true, batchSize: 5, memorySize: 256, colour: "red" })).to.deep.equal([
      "destinations.a.fifoo: is not a setting; did you mean `fifo`?",
      "destinations.a.batchSize: is not a setting; did you mean `mapping.batchSize`?",
      "destinations.a.memorySize: is not a setting; did you mean `function.memorySize`?",
      "destinations.a.colour: is not a setting; allowed here: queueArn, encryptionKey, maximumMessageSize, images, fifo, messageRetentionSeconds, visibilityTimeoutSeconds, maxReceiveCount, claimCheckDays",
    ]);
  });

  const ranges: readonly [setting: string, least: number, most: number, unlimited?: boolean][] = [
    ["mapping.batchSize", 1, 10_000],
    ["mapping.maximumBatchingWindowInSeconds", 0, 300],
    ["mapping.parallelizationFactor", 1, 10],
    ["mapping.maximumRetryAttempts", 0, 10_000, true],
    ["mapping.maximumRecordAgeInSeconds", 60, 604_800, true],
    ["function.memorySize", 128, 10_240],
    ["function.timeout", 1, 900],
  ];
  for (const [setting, least, most, unlimited = false] of ranges)
    it(`takes ${setting} from ${least} to ${most}, as AWS does`, async () => {
      const [group, key] = setting.split(".") as [string, string];
      const given = (value: unknown) => ({ kind: "sqs", [group]: { [key]: value } });
      const bad = [least - (unlimited ? 2 : 1), most + 1, least + 0.5, "many"];
      const expected = `expected a whole number from ${least} to ${most}${unlimited ? ", or -1 for no limit" : ""}`;
      for (const value of bad)
        expect(await refusalOf(given(value))).to.deep.equal([
          `destinations.a.${setting}: ${JSON.stringify(value)} is not allowed; ${expected}`,
        ]);
      const good = await graph({ config: { source, destinations: { a: given(least), b: given(most) } } });
      expect(good.of("aws:lambda/function:Function")).to.have.lengthOf(2);
    });

  it("takes the log levels and retentions that AWS offers", async () => {
    expect(
      await refusalOf({
        kind: "sqs",
        function: { logLevel: "info", logRetentionDays: 2, reservedConcurrentExecutions: 0 },
      }),
    ).to.deep.equal([
      "destinations.a.function.logRetentionDays: 2 is not allowed; expected one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
      'destinations.a.function.logLevel: "info" is not allowed; expected one of TRACE, DEBUG, INFO, WARN, ERROR, FATAL',
      "destinations.a.function.reservedConcurrentExecutions: 0 is not allowed; expected a whole number from 1 to 100000",
    ]);
  });
});
