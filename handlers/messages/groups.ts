import type { Message } from "./message.ts";

/** A message group: messages that must arrive one after the other, those of one key, or a single one where order does not matter. */
export interface MessageGroup {
  /** What has not arrived yet, the next one first; nothing behind the first may be under way. */
  readonly messages: Message[];
  /** How often the first one has failed by itself. */
  failures: number;
}

/** What a messaging service takes. */
export interface ServiceLimits {
  /** The service's name, as in "SQS". */
  readonly service: string;
  /** The most bytes of a message, and of all messages of a request together. */
  readonly bytes: number;
  /** The most messages of a request. */
  readonly count: number;
}

/** Sorts messages into groups: one per key if they must keep their order. */
export function groupMessages(messages: readonly Message[], ordered: boolean): MessageGroup[] {
  const groups = ordered
    ? [...Map.groupBy(messages, ({ change }) => change.keyHash).values()]
    : messages.map((one) => [one]);
  return groups.map((group) => ({ messages: group, failures: 0 }));
}

/** Takes a message and all behind it out of its group. */
export function takeFrom({ messages }: MessageGroup, message: Message): Message[] {
  return messages.splice(messages.indexOf(message));
}

/** Why the service can never take the message. */
export function tooLarge(message: Message, { service, bytes }: ServiceLimits): string {
  const [size, most] = [message.bytes, bytes].map((number) => number.toLocaleString("en"));
  return `Its message of ${size} bytes exceeds the ${most} that ${service} takes.`;
}

/**
 * How many requests to make at a time: as many as let all other messages travel while the longest group is served, and no
 * more. Beyond that, requests would save no time, and the last ones would carry little but that group's messages.
 */
export function requestsAtATime(groups: readonly MessageGroup[], messagesPerRequest: number, most: number): number {
  const all = groups.reduce((sum, { messages }) => sum + messages.length, 0);
  const longest = Math.max(1, ...groups.map(({ messages }) => messages.length));
  return Math.min(most, Math.max(1, Math.ceil(all / messagesPerRequest / longest)));
}

/**
 * Takes out of `ready` the groups whose first messages travel in the next request: the longest groups first, because a
 * group gives one message to a request, so that long ones decide how many requests there are; and as many as fit.
 */
export function nextRequest(ready: MessageGroup[], limits: ServiceLimits): MessageGroup[] {
  ready.sort((one, other) => other.messages.length - one.messages.length);
  const taken: MessageGroup[] = [];
  let room = limits.bytes;
  for (let i = 0; i < ready.length && taken.length < limits.count; ) {
    const { bytes } = ready[i]!.messages[0]!;
    if (bytes <= room) {
      room -= bytes;
      taken.push(...ready.splice(i, 1));
    } else {
      i++;
    }
  }
  return taken;
}
