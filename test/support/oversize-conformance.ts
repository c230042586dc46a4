import { expect } from "chai";
import type { Change } from "../../handlers/core/contract.ts";
import { anHour, busyMachine, callFor } from "../handlers/call-for.ts";
import { change, oversize } from "../handlers/changes.ts";
import { expectCallLimits } from "./client-limits.ts";
import { latest, type Subject } from "./conformance.ts";

/**
 * What a destination must do that takes every change which DynamoDB can make: some are megabytes as JSON, though no item
 * exceeds 400 KB.
 *
 * @param subject its items or messages have their bodies, wherever those are
 */
export function oversizeConformance(name: string, subject: () => Subject): void {
  describe(`${name}: oversize changes`, function () {
    this.timeout(busyMachine);

    let prefix = 0;
    let key: (name: string) => string;

    beforeEach(() => {
      prefix++;
      key = (one) => `oversize-${prefix}-${one}`;
      subject().fault({ kind: "none" });
    });

    const deliver = async (changes: readonly Change[], ms = anHour) => subject().deliver(changes, callFor(ms));
    const delivered = async (changes: readonly Change[]) => expect(await deliver(changes)).to.deep.equal([]);
    const shown = async (one: Change) => (await latest(subject())).get(one.keyHash);

    it("arrive with every value", async () => {
      const one = change({ id: key("a"), operation: "INSERT", after: oversize });
      await delivered([one]);
      expect(await shown(one)).to.deep.equal(one.after);
    });

    it("are stored by calls that are made once, and given up after 2 s without a connection and 10 s without an answer", async () => {
      const one = change({ id: key("a"), operation: "INSERT", after: oversize });
      expect(await expectCallLimits(() => delivered([one]))).to.not.deep.equal([]);
    });

    it("arrive among others, in each key's order", async () => {
      const batch = [
        change({ id: key("a"), operation: "INSERT" }),
        change({ id: key("a"), after: oversize }),
        change({ id: key("b"), operation: "INSERT", after: oversize }),
        change({ id: key("b"), before: oversize, operation: "REMOVE" }),
        change({ id: key("c"), operation: "INSERT", after: oversize }),
        change({ id: key("c"), before: oversize }),
      ];
      await delivered(batch);
      expect(await shown(batch[1]!)).to.deep.equal(batch[1]!.after);
      expect(await shown(batch[3]!)).to.equal(undefined);
      expect(await shown(batch[5]!)).to.deep.equal(batch[5]!.after);
    });

    it("do no harm when they come again, at once or after newer ones", async () => {
      const [first, second] = [
        change({ id: key("a"), operation: "INSERT", after: oversize }),
        change({ id: key("a"), before: oversize }),
      ];
      await delivered([first]);
      await delivered([first]);
      expect(await shown(first)).to.deep.equal(first.after);
      await delivered([second]);
      await delivered([first]);
      expect(await shown(second)).to.deep.equal(second.after);
    });

    it("arrive in the end while calls fail", async () => {
      const batch = ["a", "b", "a"].map((id) => change({ id: key(id), before: oversize }));
      for (const kind of ["entries", "unavailable", "reset"] as const) {
        subject().fault({ kind, share: 0.3 });
        await delivered(batch);
      }
      for (const one of batch.slice(1)) expect(await shown(one)).to.deep.equal(one.after);
    });

    it("fail in an outage, and arrive when they come again", async () => {
      const batch = ["a", "b"].map((id) => change({ id: key(id), before: oversize }));
      subject().fault({ kind: "unavailable", share: 1 });
      expect(await deliver(batch, 400)).to.have.members(batch);
      subject().fault({ kind: "none" });
      await delivered(batch);
      for (const one of batch) expect(await shown(one)).to.deep.equal(one.after);
    });
  });
}
