import type { Claim } from "../core/claim-check.ts";
import type { Call, Change } from "../core/contract.ts";
import { pause } from "../core/requests.ts";
import type { Action } from "./action.ts";
import type { MessageGroup } from "./groups.ts";
import type { Message, SendFailure } from "./message.ts";
import { Sending, type SendingOptions } from "./sending.ts";

/** How messages leave. */
export interface Steps {
  /** Stores what a message points to, again and again until the time is over; answers with why it could not. */
  store(claim: Claim): Promise<string | undefined>;
  /** Makes one request; answers with those that have not arrived. */
  send(messages: readonly Message[]): Promise<ReadonlyMap<Message, SendFailure>>;
}

/**
 * Sends what the groups hold, several requests at a time, and answers with the changes that have not arrived, once nothing
 * is under way anymore. A group's messages arrive one after the other.
 *
 * Where it holds back, nothing is started anymore that comes after a failed change, of whatever key. Lambda delivers all
 * that again, perhaps after more than the five minutes for which a FIFO queue or topic drops duplicates; and a key's messages
 * that arrive a second time show older versions after newer ones.
 *
 * What messages point to is stored first of all. What comes before such a message goes on meanwhile; what comes after it
 * waits, where it holds back of whatever key: if S3 is away until the time is over, all of that is delivered again.
 *
 * A message that fails by itself is tried again after a pause of its group. While the service is unavailable all groups
 * pause together, so that an outage is met with a request now and then, not with one for each message.
 *
 * What follows from what is `Sending`'s to say; this carries it out.
 */
export function sendInOrder(
  groups: readonly MessageGroup[],
  options: SendingOptions,
  call: Call,
  steps: Steps,
): Promise<readonly Change[]> {
  const sending = new Sending(options);
  const { promise, resolve, reject } = Promise.withResolvers<readonly Change[]>();
  let underWay = 0;

  const carryOut = async (action: Action): Promise<readonly Action[]> => {
    switch (action.kind) {
      case "store":
        return sending.stored(action, await steps.store(action.message.claim!));
      case "send":
        return sending.sent(action, await steps.send(action.groups.map(({ messages }) => messages[0]!)));
      case "pause":
        return sending.paused(action, await pause(action.attempt, call, action.reason));
    }
  };
  const begin = (actions: readonly Action[]) => {
    underWay += actions.length;
    for (const action of actions) {
      carryOut(action)
        .then((next) => {
          underWay--;
          begin(next);
        })
        .catch(reject);
    }
    if (underWay > 0) return;
    for (const [change, reason] of sending.failed) call.explain(change, reason);
    resolve([...sending.failed.keys()]);
  };

  begin(sending.begin(groups));
  return promise;
}
