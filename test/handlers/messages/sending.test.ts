import { expect } from "chai";
import fc from "fast-check";
import type { Change } from "../../../handlers/core/contract.ts";
import { byVersion } from "../../../handlers/core/key-and-version.ts";
import { groupMessages, type MessageGroup } from "../../../handlers/messages/groups.ts";
import type { Message } from "../../../handlers/messages/message.ts";
import { type Action, Sending, type SendingOptions } from "../../../handlers/messages/sending.ts";
import { change } from "../changes.ts";

const limits = { service: "the service", bytes: 1000, count: 10 };
const reasons = {
  refused: { reason: "never", refused: true, unavailable: false },
  alone: { reason: "not this one", refused: false, unavailable: false },
  unavailable: { reason: "down", refused: false, unavailable: true },
};

function messageOf(one: Change, bytes = 100, stored = false): Message {
  const claim = { bucket: "bucket", key: "key", body: Buffer.from("{}") };
  return { change: one, body: "{}", attributes: {}, bytes, ...(stored && { claim }) };
}

describe("sending", () => {
  const options: SendingOptions = { limits, mostRequests: 4, holdsBack: true };
  const first = (groups: readonly MessageGroup[]) => groups.map(({ messages }) => messages[0]!.change);
  const keys = (...ids: string[]) => ids.map((id) => messageOf(change({ id })));
  const ofKind = <K extends Action["kind"]>(actions: readonly Action[], kind: K) =>
    actions.filter((one): one is Extract<Action, { kind: K }> => one.kind === kind);

  it("sends the first of each group, and the next one when it has arrived", () => {
    const [a1, b1, a2] = keys("a", "b", "a") as [Message, Message, Message];
    const sending = new Sending(options);
    const [one] = ofKind(sending.begin(groupMessages([a1, b1, a2], true)), "send");
    expect(first(one!.groups)).to.deep.equal([a1.change, b1.change]);
    const [two, ...none] = ofKind(sending.sent(one!, new Map()), "send");
    expect(first(two!.groups)).to.deep.equal([a2.change]);
    expect(none).to.deep.equal([]);
    expect(sending.sent(two!, new Map())).to.deep.equal([]);
    expect(sending.failed.size).to.equal(0);
  });

  it("lets a group pause whose message fails by itself, longer each time, and as at first after each arrival", () => {
    const [a1, a2] = keys("a", "a") as [Message, Message];
    const sending = new Sending(options);
    let [send] = ofKind(sending.begin(groupMessages([a1, a2], true)), "send");
    const attempts: number[] = [];
    for (const message of [a1, a1, a2]) {
      const [pause] = ofKind(sending.sent(send!, new Map([[message, reasons.alone]])), "pause");
      attempts.push(pause!.attempt);
      [send] = ofKind(sending.paused(pause!, true), "send");
      if (message === a1 && attempts.length === 2) [send] = ofKind(sending.sent(send!, new Map()), "send");
    }
    expect(attempts).to.deep.equal([1, 2, 1]);
  });

  it("begins one pause for all when the service is unavailable, and no request meanwhile", () => {
    const messages = keys(...Array.from({ length: 40 }, (_, i) => String(i)));
    const sending = new Sending(options);
    const sends = ofKind(sending.begin(groupMessages(messages, true)), "send");
    expect(sends).to.have.length(4);
    const down = new Map(messages.map((one) => [one, reasons.unavailable]));
    const begun = sends.flatMap((send) => sending.sent(send, down));
    expect(begun).to.deep.equal([{ kind: "pause", attempt: 1, reason: "down" }]);
    expect(ofKind(sending.paused(ofKind(begun, "pause")[0]!, true), "send")).to.have.length(4);
  });

  it("waits longer each time while the service stays away, and as at first after a request has got through", () => {
    const [a1, a2] = keys("a", "a") as [Message, Message];
    const sending = new Sending(options);
    let [send] = ofKind(sending.begin(groupMessages([a1, a2], true)), "send");
    const attempts: number[] = [];
    for (const message of [a1, a1, a2]) {
      const [pause] = ofKind(sending.sent(send!, new Map([[message, reasons.unavailable]])), "pause");
      attempts.push(pause!.attempt);
      [send] = ofKind(sending.paused(pause!, true), "send");
      if (message === a1 && attempts.length === 2) [send] = ofKind(sending.sent(send!, new Map()), "send");
    }
    expect(attempts).to.deep.equal([1, 2, 1]);
  });

  it("does not wait for a message that fails by itself when an earlier one has failed for good", () => {
    const [x, a1] = keys("x", "a") as [Message, Message];
    const sending = new Sending(options);
    const [send] = ofKind(sending.begin(groupMessages([x, a1], true)), "send");
    const failures = new Map([
      [x, reasons.refused],
      [a1, reasons.alone],
    ]);
    expect(sending.sent(send!, failures)).to.deep.equal([]);
    expect([...sending.failed]).to.deep.equal([
      [x.change, "never"],
      [a1.change, "not this one"],
    ]);
  });

  it("gives all up when there is no time for another attempt", () => {
    const messages = keys("a", "b", "a");
    const sending = new Sending({ ...options, holdsBack: false });
    const [send] = ofKind(sending.begin(groupMessages(messages, true)), "send");
    const [pause] = ofKind(sending.sent(send!, new Map(messages.map((one) => [one, reasons.unavailable]))), "pause");
    expect(sending.paused(pause!, false)).to.deep.equal([]);
    expect([...sending.failed]).to.have.deep.members([
      [messages[0]!.change, "down"],
      [messages[2]!.change, "An earlier change of its key has failed."],
      [messages[1]!.change, "down"],
    ]);
  });

  it("keeps every promise, whatever happens in whatever order", () => {
    const anyMessage = fc.record({
      key: fc.nat(4),
      bytes: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 1000 }) }, fc.constant(1001)),
      stored: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, fc.constant(true)),
      poison: fc.oneof({ weight: 12, arbitrary: fc.constant(false) }, fc.constant(true)),
    });
    fc.assert(
      fc.property(
        fc.array(anyMessage, { maxLength: 60 }),
        fc.record({ ordered: fc.boolean(), holdsBack: fc.boolean(), mostRequests: fc.integer({ min: 1, max: 4 }) }),
        fc.infiniteStream(fc.nat(1000)),
        (wanted, { ordered, holdsBack, mostRequests }, chance) => {
          const messages = wanted.map(({ key, bytes, stored }) =>
            messageOf(change({ id: String(key) }), bytes, stored),
          );
          const poison = new Set(messages.filter((_, i) => wanted[i]!.poison));
          const world = new World(messages, poison, { limits, mostRequests, holdsBack: ordered && holdsBack }, ordered);
          world.run(() => chance.next().value);
        },
      ),
      { numRuns: 1500, seed: 1 },
    );
  });
});

/** Carries actions out in any order and with any result, and holds each to what sending promises. */
class World {
  readonly #sending: Sending;
  readonly #options: SendingOptions;
  readonly #ordered: boolean;
  readonly #messages: readonly Message[];
  readonly #poison: ReadonlySet<Message>;
  readonly #underWay: Action[] = [];
  readonly #unstored: Set<Message>;
  readonly #arrived: Change[] = [];
  readonly #refused = new Set<Message>();
  /** Chance makes no more trouble from some moment on, or nothing would end. */
  #trouble = 200;

  constructor(messages: readonly Message[], poison: ReadonlySet<Message>, options: SendingOptions, ordered: boolean) {
    this.#sending = new Sending(options);
    this.#options = options;
    this.#ordered = ordered;
    this.#messages = messages;
    this.#poison = poison;
    this.#unstored = new Set(messages.filter(({ claim }) => claim !== undefined));
  }

  run(chance: () => number): void {
    this.#begin(this.#sending.begin(groupMessages(this.#messages, this.#ordered)));
    while (this.#underWay.length > 0) {
      const [action] = this.#underWay.splice(chance() % this.#underWay.length, 1);
      this.#begin(this.#end(action!, chance));
    }
    const { failed } = this.#sending;
    const all = this.#messages.map(({ change }) => change);
    expect([...this.#arrived, ...failed.keys()].toSorted(byVersion)).to.deep.equal(all);
    for (const { change } of this.#poison) expect(failed.has(change)).to.equal(true);
    if (!this.#ordered) return;
    for (const history of Map.groupBy(this.#arrived, ({ keyHash }) => keyHash).values())
      expect(history).to.deep.equal(history.toSorted(byVersion));
    for (const one of this.#arrived)
      for (const other of failed.keys())
        if (other.keyHash === one.keyHash) expect(byVersion(one, other)).to.be.lessThan(0);
  }

  #begin(actions: readonly Action[]): void {
    for (const action of actions) {
      if (action.kind === "send") this.#mayBeSent(action.groups.map(({ messages }) => messages[0]!));
      if (action.kind === "store") {
        expect(this.#unstored.has(action.message)).to.equal(true);
        const failed = [...this.#sending.failed.keys()].some((one) => byVersion(one, action.message.change) < 0);
        expect(this.#options.holdsBack && failed, "stores what comes after a failed change").to.equal(false);
      }
      this.#underWay.push(action);
      expect(this.#requests().length).to.be.at.most(this.#options.mostRequests);
      expect(this.#outages().length).to.be.at.most(1);
    }
  }

  #mayBeSent(messages: readonly Message[]): void {
    expect(this.#outages(), "a request during an outage's pause").to.deep.equal([]);
    expect(messages.length).to.be.within(1, this.#options.limits.count);
    expect(messages.reduce((sum, { bytes }) => sum + bytes, 0)).to.be.at.most(this.#options.limits.bytes);
    const groups = this.#underWay.flatMap((one) =>
      one.kind === "send" ? one.groups : one.kind === "pause" && one.group !== undefined ? [one.group] : [],
    );
    const busy = new Set(groups.map(({ messages: [first] }) => first!.change.keyHash));
    const failed = [...this.#sending.failed.keys()];
    for (const { change } of messages) {
      if (this.#ordered) expect(busy.has(change.keyHash), "two of one key").to.equal(false);
      if (this.#ordered) busy.add(change.keyHash);
      const forbidding = failed.filter(
        (one) => this.#options.holdsBack || (this.#ordered && one.keyHash === change.keyHash),
      );
      expect(
        forbidding.some((one) => byVersion(one, change) < 0),
        "overtakes a failed change",
      ).to.equal(false);
    }
    const waits = [...this.#unstored].filter(({ change }) => !this.#sending.failed.has(change));
    for (const one of messages) {
      expect(this.#unstored.has(one), "points to what is not stored").to.equal(false);
      const earlier = waits.some((other) => byVersion(other.change, one.change) < 0);
      expect(this.#options.holdsBack && earlier, "overtakes what is being stored").to.equal(false);
    }
  }

  #end(action: Action, chance: () => number): readonly Action[] {
    const trouble = this.#trouble-- > 0 ? chance() % 10 : 9;
    if (action.kind === "pause") return this.#sending.paused(action, trouble > 0);
    if (action.kind === "store") {
      if (trouble > 1) this.#unstored.delete(action.message);
      return this.#sending.stored(action, trouble > 1 ? undefined : "no bucket");
    }
    const messages = action.groups.map((group) => group.messages[0]!);
    if (trouble < 2) return this.#sending.sent(action, new Map(messages.map((one) => [one, reasons.unavailable])));
    const failures = new Map(
      messages.flatMap((one) => {
        if (this.#poison.has(one)) {
          expect(this.#refused.has(one), "was refused before").to.equal(false);
          this.#refused.add(one);
          return [[one, reasons.refused] as const];
        }
        if (trouble < 6 && chance() % 3 === 0) return [[one, reasons.alone] as const];
        this.#arrived.push(one.change);
        return [];
      }),
    );
    return this.#sending.sent(action, failures);
  }

  #requests(): readonly Action[] {
    return this.#underWay.filter(({ kind }) => kind === "send");
  }

  #outages(): readonly Action[] {
    return this.#underWay.filter((one) => one.kind === "pause" && one.group === undefined);
  }
}
