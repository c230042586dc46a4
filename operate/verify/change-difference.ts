import { type ImageForm, imageJson } from "../../handlers/core/image-json.ts";
import { canonical } from "./canonical.ts";
import { listed } from "./listed.ts";
import type { StreamChange } from "./stream-changes.ts";

/** A change as a destination shows it. */
export interface ArrivedChange {
  readonly eventId: string;
  readonly operation: string;
  /** A decimal number, with or without zeros before it. */
  readonly version: string;
  readonly keyHash: string;
  /** The images in the destination's form; null or absent where there is none. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * How what arrived differs from what the stream shows, change by change: one line each, at the most five and a count. A
 * change may arrive more than once, equal each time.
 * @param excused event ids of changes that may have arrived or not: messages in the failure queue cover them
 */
export function changeDifference(
  changes: readonly StreamChange[],
  arrived: readonly ArrivedChange[],
  form: ImageForm,
  excused: ReadonlySet<string>,
): string[] {
  const expected = new Map(changes.map((change) => [change.eventId, change]));
  const seen = new Set(arrived.map(({ eventId }) => eventId));
  const lines = [...expected.keys()]
    .filter((eventId) => !seen.has(eventId) && !excused.has(eventId))
    .map((eventId) => `lacks the change with event id ${eventId}`);
  const told = new Set<string>();
  const texts = new Map<string, string>();
  for (const one of arrived) {
    const { eventId } = one;
    if (told.has(eventId)) continue;
    const change = expected.get(eventId);
    if (change !== undefined && !texts.has(eventId)) texts.set(eventId, textOf(asArrived(change, form)));
    if (textOf(one) === texts.get(eventId)) continue;
    told.add(eventId);
    const problem = change === undefined ? "has a change that it should not have, with" : "differs in the change with";
    lines.push(`${problem} event id ${eventId}`);
  }
  return listed(lines, "differences between its changes and the stream's");
}

function asArrived({ before, after, ...change }: StreamChange, form: ImageForm): ArrivedChange {
  return { ...change, before: before && imageJson(before, form), after: after && imageJson(after, form) };
}

function textOf({ operation, version, keyHash, before, after }: ArrivedChange): string {
  return canonical([operation, String(BigInt(version)), keyHash, before ?? null, after ?? null]);
}
