import type { MessageGroup } from "./groups.ts";
import type { Message } from "./message.ts";

/** Stores what a message of the group points to. */
export interface StoreAction {
  readonly kind: "store";
  readonly group: MessageGroup;
  readonly message: Message;
}
/** Sends the first message of each of the groups in one request. */
export interface SendAction {
  readonly kind: "send";
  readonly groups: readonly MessageGroup[];
}
/** Waits before the attempt: for one group, or for all while the service is unavailable. */
export interface PauseAction {
  readonly kind: "pause";
  readonly group?: MessageGroup;
  readonly attempt: number;
  readonly reason: string;
}
/** What is to be done next. */
export type Action = StoreAction | SendAction | PauseAction;
