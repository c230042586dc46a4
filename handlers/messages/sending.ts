import type { Change } from "../core/contract.ts";
import { byVersion } from "../core/key-and-version.ts";
import { halves } from "../core/requests.ts";
import type { Action, PauseAction, SendAction, StoreAction } from "./action.ts";
import { type MessageGroup, nextRequest, requestsAtATime, type ServiceLimits, takeFrom, tooLarge } from "./groups.ts";
import type { Message, SendFailure } from "./message.ts";

/** How messages are to be sent. */
export interface SendingOptions {
  readonly limits: ServiceLimits;
  /** The most requests at a time. */
  readonly mostRequests: number;
  /** Whether a failed change holds back what comes after it, of other keys too. */
  readonly holdsBack: boolean;
}

/**
 * What is known while groups of messages are sent, and what follows from it; it does nothing itself. `begin`, and each of
 * the three ways in which an action ends (`stored`, `sent`, `paused`), answer with the actions that begin now. When none is
 * under way anymore, every message has arrived or is in `failed`.
 *
 * A group is in one of six states:
 *
 * - ready: its first message may go with the next request;
 * - apart: its first message was in a request that was refused as a whole, and goes with one of half the size;
 * - held: its first message has to be stored first, or comes after one that has to be;
 * - sending: its first message is in a request;
 * - pausing: its first message has failed by itself, and is tried again when the group's pause is over;
 * - done: it has no messages left.
 *
 * The service is available, pausing (no request begins, for any group), or given up (there is no time for another attempt).
 */
export class Sending {
  /** The changes that do not arrive, and why. */
  readonly failed = new Map<Change, string>();
  readonly #options: SendingOptions;
  readonly #ready: MessageGroup[] = [];
  /** The groups that are apart, by the request that each goes with. */
  readonly #apart: (readonly MessageGroup[])[] = [];
  readonly #held: MessageGroup[] = [];
  readonly #unstored = new Set<Message>();
  #service: "available" | "pausing" | "given up" = "available";
  /** Pauses since the service was last available. */
  #pauses = 0;
  /** Why the service was given up. */
  #outage = "";
  #requests = 0;
  #mostRequests = 0;
  /** The first change that failed, where that holds back others. */
  #firstFailed: Change | undefined;

  constructor(options: SendingOptions) {
    this.#options = options;
  }

  begin(groups: readonly MessageGroup[]): Action[] {
    const { limits, mostRequests } = this.#options;
    // What can never arrive is found first, while all that comes after it can still be held back.
    for (const group of groups) {
      const large = group.messages.find(({ bytes }) => bytes > limits.bytes);
      if (large !== undefined) this.#fail(takeFrom(group, large), tooLarge(large, limits));
    }
    this.#mostRequests = requestsAtATime(groups, limits.count, mostRequests);
    const stores = groups.flatMap((group) =>
      group.messages
        .filter((one) => one.claim !== undefined && !this.#comesAfterFailure(one))
        .map((message): StoreAction => ({ kind: "store", group, message })),
    );
    for (const { message } of stores) this.#unstored.add(message);
    for (const group of groups) this.#place(group);
    return [...stores, ...this.#sends()];
  }

  /** @param problem why the body could not be stored, if so */
  stored({ group, message }: StoreAction, problem: string | undefined): Action[] {
    this.#unstored.delete(message);
    // It may have failed already, with what comes before it.
    if (problem !== undefined && group.messages.includes(message)) this.#fail(takeFrom(group, message), problem);
    for (const held of this.#held.splice(0)) this.#place(held);
    return this.#sends();
  }

  /** @param failures of the messages that have not arrived */
  sent({ groups }: SendAction, failures: ReadonlyMap<Message, SendFailure>): Action[] {
    this.#requests--;
    const outage = [...failures.values()].find(({ unavailable }) => unavailable);
    if (outage === undefined) this.#pauses = 0;
    const failureOf = ({ messages: [first] }: MessageGroup) => failures.get(first!);
    const divided = groups.length > 1 && groups.every((group) => failureOf(group)?.together);
    if (divided) {
      this.#apart.push(...halves(groups));
      this.#placeApart();
    }
    const actions: Action[] = divided ? [] : groups.flatMap((group) => this.#answered(group, failureOf(group)));
    if (outage !== undefined && this.#service === "available") {
      this.#service = "pausing";
      this.#pauses++;
      actions.push({ kind: "pause", attempt: this.#pauses, reason: outage.reason });
    }
    return [...actions, ...this.#sends()];
  }

  /** @param inTime whether there is time for another attempt */
  paused({ group, reason }: PauseAction, inTime: boolean): Action[] {
    if (group !== undefined) {
      if (inTime) this.#place(group);
      else this.#fail(group.messages.splice(0), reason);
    } else if (inTime) {
      this.#service = "available";
    } else {
      this.#service = "given up";
      this.#outage = reason;
      for (const ready of this.#ready.splice(0)) this.#place(ready);
      this.#placeApart();
    }
    return this.#sends();
  }

  /** What follows for a group whose first message was in a request. */
  #answered(group: MessageGroup, failure: SendFailure | undefined): PauseAction[] {
    if (failure === undefined) {
      group.messages.shift();
      group.failures = 0;
      this.#place(group);
    } else if (failure.refused || failure.together || this.#comesAfterFailure(group.messages[0]!)) {
      this.#fail(group.messages.splice(0), failure.reason);
    } else if (failure.unavailable) {
      this.#place(group);
    } else {
      group.failures++;
      return [{ kind: "pause", group, attempt: group.failures, reason: failure.reason }];
    }
    return [];
  }

  /** Puts a group that is neither sending nor pausing into the state that its first message is in now. */
  #place(group: MessageGroup): void {
    const [first] = group.messages;
    if (first === undefined) return;
    if (this.#comesAfterFailure(first)) this.#fail(group.messages.splice(0), laterOfBatch, laterOfBatch);
    else if (this.#service === "given up") this.#fail(group.messages.splice(0), this.#outage);
    else if (this.#waitsForStore(first)) this.#held.push(group);
    else this.#ready.push(group);
  }

  /** Takes the groups out of those that are apart which may not go any more. */
  #placeApart(): void {
    for (const groups of this.#apart.splice(0)) {
      const mayGo = ({ messages: [first] }: MessageGroup) =>
        this.#service !== "given up" && !this.#comesAfterFailure(first!);
      const [kept, others] = [groups.filter(mayGo), groups.filter((group) => !mayGo(group))];
      if (kept.length > 0) this.#apart.push(kept);
      for (const group of others) this.#place(group);
    }
  }

  #fail([first, ...rest]: readonly Message[], reason: string, reasonOfRest = laterOfKey): void {
    this.failed.set(first!.change, reason);
    for (const { change } of rest) this.failed.set(change, reasonOfRest);
    if (!this.#options.holdsBack || this.#comesAfterFailure(first!)) return;
    this.#firstFailed = first!.change;
    for (const group of [...this.#ready.splice(0), ...this.#held.splice(0)]) this.#place(group);
    this.#placeApart();
  }

  /** The requests that may begin now. */
  #sends(): SendAction[] {
    const sends: SendAction[] = [];
    const isAnyLeft = () => this.#apart.length > 0 || this.#ready.length > 0;
    while (this.#service === "available" && this.#requests < this.#mostRequests && isAnyLeft()) {
      this.#requests++;
      sends.push({ kind: "send", groups: this.#apart.shift() ?? nextRequest(this.#ready, this.#options.limits) });
    }
    return sends;
  }

  #comesAfterFailure({ change }: Message): boolean {
    return this.#firstFailed !== undefined && byVersion(change, this.#firstFailed) > 0;
  }

  #waitsForStore(first: Message): boolean {
    if (this.#unstored.has(first)) return true;
    return this.#options.holdsBack && [...this.#unstored].some((one) => byVersion(one.change, first.change) < 0);
  }
}

const laterOfKey = "An earlier change of its key has failed.";
const laterOfBatch = "An earlier change of the batch has failed; this one is delivered again with it.";
