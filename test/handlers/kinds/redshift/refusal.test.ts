import { expect } from "chai";
import fc from "fast-check";
import type { Change, Deliver, Image } from "../../../../handlers/core/contract.ts";
import { isRefusal, isRefusalCode } from "../../../../handlers/core/errors.ts";
import { refusals } from "../../../../handlers/kinds/redshift/firehose.ts";
import { busyMachine, callFor } from "../../call-for.ts";
import { change, large, oversize } from "../../changes.ts";
import { serviceError } from "../../service-error.ts";
import { startWarehouse, type Warehouse } from "./warehouse.ts";

describe("redshift, refusals", function () {
  this.timeout(busyMachine);

  let warehouse: Warehouse;
  let deliver: Deliver;

  before(async () => {
    warehouse = await startWarehouse(2);
    deliver = warehouse.connect();
  });

  after(() => warehouse.stop());

  beforeEach(() => warehouse.reset());

  const refused: [what: string, attributes: Image, reason: RegExp][] = [
    ["half a surrogate pair", { s: { S: "\ud83d" } }, /surrogate/],
    ["half a surrogate pair in a name", { "a\ud83d": { S: "" } }, /surrogate/],
    ["half a surrogate pair deep inside", { m: { M: { l: { L: [{ SS: ["ok", "\ud83d"] }] } } } }, /surrogate/],
    ["a string of 65,536 bytes", { s: { S: "x".repeat(65_536) } }, /65,535 bytes/],
    ["a string of 65,538 bytes in 21,846 characters", { s: { S: "€".repeat(21_846) } }, /65,535 bytes/],
    ["a binary of 49,150 bytes", { b: { B: new Uint8Array(49_150) } }, /binary longer than the 65,535 bytes/],
  ];
  for (const [what, attributes, reason] of refused) {
    it(`refuses ${what} for that change alone`, async () => {
      const [good, bad] = [change({ id: "good" }), change({ id: "bad", after: attributes })];
      const call = callFor(1000);
      expect(await deliver([bad, good], call)).to.deep.equal([bad]);
      expect(call.problems.get(bad)).to.match(reason);
      expect(warehouse.rows().map(({ version }) => BigInt(version))).to.deep.equal([BigInt(good.version)]);
    });
  }

  it("refuses a row over 1,000 KiB for that change alone where there is no bucket for it", async () => {
    const [good, bad] = [change({ id: "good" }), change({ id: "bad", after: oversize })];
    const call = callFor(1000);
    expect(await warehouse.connectWithoutClaims()([bad, good], call)).to.deep.equal([bad]);
    expect(call.problems.get(bad)).to.match(
      /^Its row of 1,1\d\d,\d{3} bytes exceeds the 1,024,000 of a Firehose record/,
    );
    expect(warehouse.rows().map(({ version }) => BigInt(version))).to.deep.equal([BigInt(good.version)]);
  });

  it("takes what is just within the limits", async () => {
    const most = { s: { S: "x".repeat(65_535) }, b: { B: new Uint8Array(49_149) }, text: { S: "\\u0000" } };
    expect(await deliver([change({ after: most })], callFor(1000))).to.deep.equal([]);
  });

  it("takes longer strings where the warehouse does", async () => {
    const generous = warehouse.connectWithoutClaims({ maxStringBytes: 16_000_000 });
    expect(await generous([change({ after: { s: { S: "x".repeat(390_000) } } })], callFor(1000))).to.deep.equal([]);
  });

  for (const what of ["call", "record"] as const)
    it(`gives up just those rows for which Firehose refuses a whole ${what}, and stores all others`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.constantFrom(10, 60_000), fc.boolean(), fc.nat(9)), { minLength: 1, maxLength: 60 }),
          async (wanted) => {
            warehouse.reset();
            warehouse.firehose.refuses = { text: /poison/, what };
            const changes = wanted.map(([size, isLong, chance]) => {
              const s = (chance === 0 ? "poison" : "").padEnd(size, "x");
              return change({ after: { s: { S: s }, ...(isLong && large("y")) } });
            });
            const isPoison = ({ after }: Change) => /poison/.test(after!.s!.S!);
            const call = callFor(1000);
            expect(await deliver(changes, call)).to.have.members(changes.filter(isPoison));
            expect(call.remaining()).to.equal(1000);
            const stored = warehouse.rows().map(({ event_id }) => event_id);
            const others = changes.filter((one) => !isPoison(one)).map(({ eventId }) => eventId);
            expect(stored).to.have.members(others).and.to.have.length(others.length);
          },
        ),
        { numRuns: 30, seed: 1 },
      );
    });

  it("gives what it refuses back with what an outage has kept, and none of it is lost", async () => {
    const call = callFor(300);
    const [good, poison] = [change(), change({ after: { s: { S: "x".repeat(65_536) } } })];
    warehouse.faults.set({ kind: "unavailable", share: 1 });
    expect(await deliver([good, poison], call)).to.have.members([good, poison]);
    expect(call.problems.get(poison)).to.match(/65,535 bytes/);
    expect(call.problems.get(good)).to.match(/^Firehose: /);
  });

  it("knows how Firehose refuses", () => {
    for (const code of ["InvalidArgumentException", "SerializationException", "ValidationException"]) {
      expect(isRefusalCode(code, refusals), code).to.equal(true);
      expect(isRefusal(serviceError(code), refusals), code).to.equal(true);
    }
    for (const code of [
      "ServiceUnavailableException",
      "ResourceNotFoundException",
      "InvalidKMSResourceException",
      "NobodyKnows",
    ]) {
      expect(isRefusalCode(code, refusals), code).to.equal(false);
      expect(isRefusal(serviceError(code), refusals), code).to.equal(false);
    }
  });
});
