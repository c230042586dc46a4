import type { Change } from "../core/contract.ts";
import { byVersion } from "../core/key-and-version.ts";
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

/** Stores what a message of the group points to. */
interface StoreAction {
  readonly kind: "store";
  readonly group: MessageGroup;
  readonly message: Message;
}
/** Sends the first message of each of the groups in one request. */
interface SendAction {
  readonly kind: "send";
  readonly groups: readonly MessageGroup[];
}
/** Waits before the attempt: for one group, or for all while the service is unavailable. */
interface PauseAction {
  readonly kind: "pause";
  readonly group?: MessageGroup;
  readonly attempt: number;
  readonly reason: string;
}
/** What is to be done next. */
export type Action = StoreAction | SendAction | PauseAction;

/**
 * What is known while groups of messages are sent, and what follows from it; it does nothing itself. `begin`, and each of
 * the three ways in which an action ends (`stored`, `sent`, `paused`), answer with the actions that begin now. When none is
 * under way anymore, every message has arrived or is in `failed`.
 *
 * A group is in one of five states:
 *
 * - ready: its first message may go with the next request;
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
    const actions: Action[] = groups.flatMap((group) => this.#answered(group, failures.get(group.messages[0]!)));
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
    }
    return this.#sends();
  }

  /** What follows for a group whose first message was in a request. */
  #answered(group: MessageGroup, failure: SendFailure | undefined): PauseAction[] {
    if (failure === undefined) {
      group.messages.shift();
      group.failures = 0;
      this.#place(group);
    } else if (failure.refused || this.#comesAfterFailure(group.messages[0]!)) {
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

  #fail([first, ...rest]: readonly Message[], reason: string, reasonOfRest = laterOfKey): void {
    this.failed.set(first!.change, reason);
    for (const { change } of rest) this.failed.set(change, reasonOfRest);
    if (!this.#options.holdsBack || this.#comesAfterFailure(first!)) return;
    this.#firstFailed = first!.change;
    for (const group of [...this.#ready.splice(0), ...this.#held.splice(0)]) this.#place(group);
  }

  /** The requests that may begin now. */
  #sends(): SendAction[] {
    const sends: SendAction[] = [];
    while (this.#service === "available" && this.#requests < this.#mostRequests && this.#ready.length > 0) {
      this.#requests++;
      sends.push({ kind: "send", groups: nextRequest(this.#ready, this.#options.limits) });
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
