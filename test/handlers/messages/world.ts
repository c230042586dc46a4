import { expect } from "chai";
import type { Change } from "../../../handlers/core/contract.ts";
import { byVersion } from "../../../handlers/core/key-and-version.ts";
import type { Action } from "../../../handlers/messages/action.ts";
import { groupMessages } from "../../../handlers/messages/groups.ts";
import type { Message } from "../../../handlers/messages/message.ts";
import { Sending, type SendingOptions } from "../../../handlers/messages/sending.ts";

/** What the service of these tests takes. */
export const limits = { service: "the service", bytes: 1000, count: 10 };

/** The ways in which a message does not arrive. */
export const reasons = {
  refused: { reason: "never", refused: true, unavailable: false },
  alone: { reason: "not this one", refused: false, unavailable: false },
  unavailable: { reason: "down", refused: false, unavailable: true },
  together: { reason: "all of them", refused: false, unavailable: false, together: true },
};

/** What a service refuses. */
interface Refusing {
  readonly poison: ReadonlySet<Message>;
  /** Those of the poison for which all of a request is refused. */
  readonly toxic: ReadonlySet<Message>;
  /** The bytes beyond which a request of several is refused as a whole. */
  readonly room: number;
}

/** Carries actions out in any order and with any result, and holds each to what sending promises. */
export class World {
  readonly #sending: Sending;
  readonly #options: SendingOptions;
  readonly #ordered: boolean;
  readonly #messages: readonly Message[];
  readonly #refusing: Refusing;
  readonly #underWay: Action[] = [];
  readonly #unstored: Set<Message>;
  readonly #arrived: Change[] = [];
  readonly #refused = new Set<Message>();
  /** Chance makes no more trouble from some moment on, or nothing would end. */
  #trouble = 200;

  constructor(messages: readonly Message[], refusing: Refusing, options: SendingOptions, ordered: boolean) {
    this.#sending = new Sending(options);
    this.#options = options;
    this.#ordered = ordered;
    this.#messages = messages;
    this.#refusing = refusing;
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
    for (const { change } of this.#refusing.poison) expect(failed.has(change)).to.equal(true);
    expect([...failed.values()]).to.not.include(reasons.together.reason);
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
    const { poison, toxic, room } = this.#refusing;
    const bytes = messages.reduce((sum, one) => sum + one.bytes, 0);
    if (messages.length > 1 && (bytes > room || messages.some((one) => toxic.has(one))))
      return this.#sending.sent(action, new Map(messages.map((one) => [one, reasons.together])));
    const failures = new Map(
      messages.flatMap((one) => {
        if (poison.has(one)) {
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
