import type { Message } from "./message.ts";

/** Messages that must arrive one after the other: those of one key, or a single one where order does not matter. */
export interface Lane {
  /** What has not arrived yet, the next one first; nothing behind the first may be under way. */
  readonly queue: Message[];
  /** How often the first one has been tried. */
  attempts: number;
}

/** Sorts messages into lanes: one per key if they must keep their order. */
export function lanes(messages: readonly Message[], ordered: boolean): Lane[] {
  const queues = ordered
    ? [...Map.groupBy(messages, ({ change }) => change.keyHash).values()]
    : messages.map((one) => [one]);
  return queues.map((queue) => ({ queue, attempts: 0 }));
}

/**
 * Takes out of a lane the messages that have arrived before, as long as none before them is missing: after one that is sent
 * now, the later ones of its key must follow it again, lest readers end with the older version.
 */
export function skipFirsts({ queue }: Lane, hasArrived: (message: Message) => boolean): void {
  const missing = queue.findIndex((one) => !hasArrived(one));
  queue.splice(0, missing < 0 ? queue.length : missing);
}

/**
 * How many calls to make at a time: as many as let all other messages travel while the longest lane is served, and no more.
 * Beyond that, calls would save no time, and the last ones would carry little but that lane's messages.
 */
export function callsAtATime(all: readonly Lane[], messagesPerCall: number, most: number): number {
  const messages = all.reduce((sum, { queue }) => sum + queue.length, 0);
  const longest = Math.max(1, ...all.map(({ queue }) => queue.length));
  return Math.min(most, Math.max(1, Math.ceil(messages / messagesPerCall / longest)));
}

/**
 * Takes out of `ready` the lanes whose first messages travel in the next call: the longest lanes first, because a lane
 * gives one message to a call, so that long ones decide how many calls there are; and as many as fit.
 */
export function nextCall(ready: Lane[], most: { readonly count: number; readonly bytes: number }): Lane[] {
  ready.sort((one, other) => other.queue.length - one.queue.length);
  const taken: Lane[] = [];
  let room = most.bytes;
  for (let i = 0; i < ready.length && taken.length < most.count; ) {
    const { bytes } = ready[i]!.queue[0]!;
    if (bytes <= room) {
      room -= bytes;
      taken.push(...ready.splice(i, 1));
    } else {
      i++;
    }
  }
  return taken;
}
