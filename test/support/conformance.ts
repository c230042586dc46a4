import { expect } from "chai";
import type { Change, Deliver, Image } from "../../handlers/core/contract.ts";
import { byVersion } from "../../handlers/core/key-and-version.ts";
import { anHour, busyMachine, callFor, callInRealTime, type TestCall } from "../handlers/call-for.ts";
import { change, everything, large, terse } from "../handlers/changes.ts";
import { expectCallLimits } from "./client-limits.ts";
import type { Fault } from "./faults.ts";

interface Reachable {
  readonly deliver: Deliver;
  /** Lets something go wrong on the wire from now on, on the way to whatever service. */
  fault(fault: Fault): void;
}

/** A destination that holds the latest state of each item, whatever comes twice or late. */
export interface StateSubject extends Reachable {
  readonly holds: "state";
  /** The items that it shows now, by their key's hash; what was deleted is not among them. */
  items(): Promise<ReadonlyMap<string, Image>>;
}

/** A destination that gives its readers a message of each change. */
export interface MessagesSubject extends Reachable {
  readonly holds: "messages";
  /** Whether readers may rely on the order of arrival; if so, what comes after a refused change fails with it, to come again. */
  readonly ordered: boolean;
  /** All messages so far, in order of arrival. */
  arrived(): Promise<readonly Pick<Change, "keyHash" | "operation" | "version" | "after">[]>;
}

/** A destination as the suites see it. */
export type Subject = StateSubject | MessagesSubject;

/** A change that the destination must refuse, and what it says about it. */
export interface Poison {
  make(id: string): Change;
  readonly reason: RegExp;
}

/** What somebody has who looks at the destination, or has applied its messages: in order of arrival, or by version if there is no order. */
export async function latest(subject: Subject): Promise<ReadonlyMap<string, Image>> {
  if (subject.holds === "state") return subject.items();
  const items = new Map<string, Image>();
  const arrived = await subject.arrived();
  for (const { keyHash, operation, after } of subject.ordered ? arrived : arrived.toSorted(byVersion)) {
    if (operation === "REMOVE") items.delete(keyHash);
    else items.set(keyHash, after!);
  }
  return items;
}

/**
 * What every destination must do, whatever it is: the two duties of `Deliver`, and losing nothing of an item.
 *
 * @param subject asked for in each test, so that it may be set up in a `before`
 */
export function conformance(name: string, subject: () => Subject, poison: Poison): void {
  describe(`${name}: conformance`, function () {
    this.timeout(busyMachine);

    let prefix = 0;
    let key: (name: string) => string;

    beforeEach(() => {
      prefix++;
      key = (one) => `${prefix}-${one}`;
      subject().fault({ kind: "none" });
    });

    const deliver = async (changes: readonly Change[], call: TestCall = callFor(anHour)) => {
      const failed = await subject().deliver(changes, call);
      return { failed: failed.toSorted(byVersion), problems: call.problems, retries: call.retries, calls: call.calls };
    };
    const delivered = async (changes: readonly Change[]) => expect((await deliver(changes)).failed).to.deep.equal([]);
    const shown = async (one: Change) => (await latest(subject())).get(one.keyHash);

    it("shows an inserted item", async () => {
      const one = change({ id: key("a"), operation: "INSERT" });
      await delivered([one]);
      expect(await shown(one)).to.deep.equal(one.after);
    });

    it("shows a modified item as it is after its last change", async () => {
      const changes = [1, 2, 3].map((i) => change({ id: key("a"), operation: i === 1 ? "INSERT" : "MODIFY" }));
      await delivered(changes);
      expect(await shown(changes[2]!)).to.deep.equal(changes[2]!.after);
    });

    it("does not show a removed item, and shows it again when it is inserted again", async () => {
      const first = change({ id: key("a"), operation: "INSERT" });
      const gone = change({ id: key("a"), operation: "REMOVE" });
      await delivered([first, gone]);
      expect(await shown(gone)).to.equal(undefined);
      const again = change({ id: key("a"), operation: "INSERT" });
      await delivered([again]);
      expect(await shown(again)).to.deep.equal(again.after);
    });

    it("does not show an item that time to live has deleted", async () => {
      await delivered([change({ id: key("a"), operation: "INSERT" })]);
      const gone = change({ id: key("a"), operation: "REMOVE", expired: true });
      await delivered([gone]);
      expect(await shown(gone)).to.equal(undefined);
    });

    it("is not harmed when a batch comes again", async () => {
      const batch = [
        change({ id: key("a"), operation: "INSERT" }),
        change({ id: key("b"), operation: "INSERT" }),
        change({ id: key("a") }),
        change({ id: key("b"), operation: "REMOVE" }),
      ];
      await delivered(batch);
      await delivered(batch);
      expect(await shown(batch[2]!)).to.deep.equal(batch[2]!.after);
      expect(await shown(batch[3]!)).to.equal(undefined);
    });

    it("is not harmed when older changes come again after newer ones", async () => {
      const old = [change({ id: key("a"), operation: "INSERT" }), change({ id: key("b"), operation: "INSERT" })];
      const newer = [change({ id: key("a") }), change({ id: key("b"), operation: "REMOVE" })];
      await delivered(old);
      await delivered(newer);
      await delivered(old);
      expect(await shown(newer[0]!)).to.deep.equal(newer[0]!.after);
      expect(await shown(newer[1]!)).to.equal(undefined);
    });

    it("has nothing to do for an empty batch", async () => {
      const { failed, calls } = await deliver([]);
      expect(failed).to.deep.equal([]);
      expect(calls).to.equal(0);
    });

    it("loses nothing of any type", async () => {
      const one = change({ id: key("🎬"), operation: "INSERT", after: everything });
      await delivered([one]);
      expect(await shown(one)).to.deep.equal(one.after);
    });

    it("shows changes whose records say no more than they must", async () => {
      const batch = [
        change({ id: key("a"), operation: "INSERT" }),
        change({ id: key("b"), operation: "INSERT" }),
        change({ id: key("a") }),
        change({ id: key("b"), operation: "REMOVE" }),
      ].map(terse);
      await delivered(batch);
      await delivered(batch.slice(1));
      expect(await shown(batch[2]!)).to.deep.equal(batch[2]!.after);
      expect(await shown(batch[3]!)).to.equal(undefined);
    });

    it("shows no item as empty because its record has no new image", async () => {
      if (subject().holds === "messages") return; // a message without an image says just that
      const first = change({ id: key("a"), operation: "INSERT" });
      const { after: _, ...bare } = change({ id: key("a") });
      const { failed, problems } = await deliver([first, bare]);
      expect(failed).to.deep.equal([bare]);
      expect(problems.get(bare)).to.equal(
        "It has no new image; the source's stream must have one (NEW_IMAGE or NEW_AND_OLD_IMAGES).",
      );
      expect(await shown(first)).to.deep.equal(first.after);
    });

    it("takes an item near 400 KB, with both images", async () => {
      const one = change({ id: key("a"), before: large("x"), after: large("y") });
      await delivered([one]);
      expect(await shown(one)).to.deep.equal(one.after);
    });

    it("refuses a poison change with a reason, and no other for good", async () => {
      const batch = [change({ id: key("a") }), poison.make(key("poison")), change({ id: key("b") })];
      const refused = batch[1]!;
      const { failed, problems } = await deliver(batch);
      const one = subject();
      expect(failed).to.deep.equal(one.holds === "messages" && one.ordered ? batch.slice(1) : [refused]);
      expect(problems.get(refused)).to.match(poison.reason);
      await delivered(batch.slice(2));
      expect(await shown(batch[0]!)).to.deep.equal(batch[0]!.after);
      expect(await shown(batch[2]!)).to.deep.equal(batch[2]!.after);
      expect(await shown(refused)).to.equal(undefined);
    });

    it("delivers all in the end while a part of every bulk call fails", async () => {
      subject().fault({ kind: "entries", share: 0.3 });
      const batch = Array.from({ length: 60 }, (_, i) => change({ id: key(String(i % 20)) }));
      let retried = 0;
      for (let round = 0; round < 10 && retried === 0; round++) {
        const { failed, retries } = await deliver(batch);
        expect(failed).to.deep.equal([]);
        retried = retries;
      }
      expect(retried, "nothing has failed in ten rounds").to.be.greaterThan(0);
      for (const one of batch.slice(40)) expect(await shown(one)).to.deep.equal(one.after);
    });

    it("makes smaller calls, at once, where one is refused as a whole, and gives up only what is refused alone", async () => {
      for (const by of ["service", "status"] as const) {
        const batch = Array.from({ length: 60 }, (_, i) => change({ id: key(`${by}-${i % 20}`) }));
        const refused = change({ id: key(`${by}-large`), after: large("x") });
        subject().fault({ kind: "large", bytes: 5000, by });
        const call = callFor(10_000);
        const { failed, problems } = await deliver([...batch, refused], call);
        expect(failed, by).to.deep.equal([refused]);
        expect([...problems.keys()], by).to.deep.equal([refused]);
        expect(call.remaining(), by).to.equal(10_000);
        for (const one of batch.slice(40)) expect(await shown(one)).to.deep.equal(one.after);
        subject().fault({ kind: "none" });
        await delivered([refused]);
        expect(await shown(refused)).to.deep.equal(refused.after);
      }
    });

    it("delivers all in the end while calls are answered with 500 or cut off", async () => {
      const batch = Array.from({ length: 60 }, (_, i) => change({ id: key(String(i % 20)) }));
      for (const kind of ["unavailable", "reset"] as const) {
        subject().fault({ kind, share: 0.3 });
        await delivered(batch);
      }
      for (const one of batch.slice(40)) expect(await shown(one)).to.deep.equal(one.after);
    });

    it("reports everything as failed in an outage, and makes it good when the batch comes again", async () => {
      const batch = Array.from({ length: 30 }, (_, i) => change({ id: key(String(i % 10)) }));
      subject().fault({ kind: "unavailable", share: 1 });
      const { failed, problems } = await deliver(batch, callFor(400));
      expect(failed).to.deep.equal(batch);
      expect([...problems.keys()]).to.have.members(batch);
      subject().fault({ kind: "none" });
      await delivered(batch);
      for (const one of batch.slice(20)) expect(await shown(one)).to.deep.equal(one.after);
    });

    it("returns when its time is over though nothing is answered, and reports everything as failed", async () => {
      const batch = Array.from({ length: 30 }, (_, i) => change({ id: key(String(i % 10)) }));
      subject().fault({ kind: "silent" });
      const start = performance.now();
      const { failed } = await deliver(batch, callInRealTime(300));
      // by its own time's end, not by the client's, which waits for 10 s
      expect(performance.now() - start).to.be.lessThan(9_500);
      expect(failed).to.deep.equal(batch);
    });

    it("makes each call once, and gives up a connection after 2 s and an answer after 10 s", async () => {
      expect(await expectCallLimits(() => delivered([change({ id: key("a") })]))).to.have.length(1);
    });

    it("reports everything as failed when no time is left", async () => {
      const batch = [change({ id: key("a") }), change({ id: key("b") })];
      const { failed, calls } = await deliver(batch, callFor(0));
      expect(failed).to.deep.equal(batch);
      expect(calls).to.equal(0);
    });

    it("keeps each key's order when a part failed and all from the first failure on comes again", async () => {
      subject().fault({ kind: "entries", share: 0.7 });
      const batch = Array.from({ length: 60 }, (_, i) => change({ id: key(String(i % 6)) }));
      let rest = batch;
      for (let round = 0; round <= 5 && rest.length > 0; round++) {
        if (round === 5) subject().fault({ kind: "none" });
        const { failed } = await deliver(rest, callFor(round === 5 ? 10_000 : 150));
        rest = failed.length === 0 ? [] : batch.slice(batch.indexOf(failed[0]!));
      }
      expect(rest).to.deep.equal([]);
      for (const one of batch.slice(54)) expect(await shown(one)).to.deep.equal(one.after);
    });
  });
}
