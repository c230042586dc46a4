import type { Change } from "../../../handlers/core/contract.ts";
import type { Action } from "../../../handlers/messages/action.ts";
import type { MessageGroup } from "../../../handlers/messages/groups.ts";
import type { Message } from "../../../handlers/messages/message.ts";
import { change } from "../changes.ts";

/** The message of a change, of so many bytes; one that points to a body if it is to be stored first. */
export function messageOf(one: Change, bytes = 100, stored = false): Message {
  const claim = { bucket: "bucket", key: "key", body: Buffer.from("{}") };
  return { change: one, body: "{}", attributes: {}, bytes, ...(stored && { claim }) };
}

/** A message of each key, in this order. */
export const keys = (...ids: string[]) => ids.map((id) => messageOf(change({ id })));

/** The changes that a request carries. */
export const first = (groups: readonly MessageGroup[]) => groups.map(({ messages }) => messages[0]!.change);

/** The actions of one kind. */
export const ofKind = <K extends Action["kind"]>(actions: readonly Action[], kind: K) =>
  actions.filter((one): one is Extract<Action, { kind: K }> => one.kind === kind);
